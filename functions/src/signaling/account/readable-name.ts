import type { Crypto } from '../../ports/crypto.ts';

const qualities = `
agile amber ample apt azure balmy bold bonny brave breezy bright brisk calm candid cheery civil clear clever cosy crisp
daring deft dewy eager early easy fair fast fine firm fleet fluent fond frank free fresh gentle giddy glad gold grand
green happy hardy hazel hearty humble jolly jovial joyful just keen kind lean light lilac lively lofty loyal lucid lucky
lunar mellow merry mild mint misty modest mossy neat nimble noble olive open opal patient placid plucky polite prime
proud pure quick quiet rapid rosy royal ruby rustic sage sandy serene sharp shiny silent silky silver simple sleek slim
smart smooth snowy snug sober solar solid sonic spry stable steady still sturdy subtle sunny super sure swift tame tender
thrifty tidy tranquil true trusty upbeat urban vast velvet vivid warm wise witty young zesty`;

const animals = `
adder alpaca antelope badger barbel bear beaver bison bittern bobcat bream bunny buzzard camel caribou carp cat cheetah
chough civet clam cod condor coot coyote crab crane cricket crow curlew deer dingo dipper dolphin dormouse dove dragonfly
duck dunlin eagle egret eider elk emu ermine falcon ferret finch firefly flamingo fox gannet gazelle gecko gibbon goose
gopher grebe grouse gull hamster hare harrier hawk hedgehog heron hobby hoopoe ibex ibis impala jackdaw jaguar jay kestrel
kingfisher kite kiwi koala ladybird lark lemur leopard linnet lion lizard llama loon lynx macaw magpie mallard marmot marten
martin merlin mink mole moose moth mouse newt nightjar ocelot okapi oriole osprey otter owl panda panther parrot partridge
pelican penguin perch petrel pigeon pika pike plover pony puffin puma quail rabbit raccoon raven redstart robin rook salmon
sandpiper seal serin shrew siskin skylark sparrow squirrel starling stoat stork swallow swan swift tapir teal tern thrush
toad toucan trout turtle vole wagtail walrus warbler weasel whale wolf wombat woodcock wren yak zebra`;

const words = (list: string): readonly string[] => list.trim().split(/\s+/);
const qualityWords = words(qualities);
const animalWords = words(animals);

/** A random name that can be read aloud, such as `calm-otter-417`; there are over 20 million of them. */
export const readableName = (crypto: Crypto): string => {
  const quality = qualityWords[crypto.below(qualityWords.length)];
  const animal = animalWords[crypto.below(animalWords.length)];
  return `${quality}-${animal}-${100 + crypto.below(900)}`;
};

/** `calm-otter-417` as people write names: `Calm Otter`. */
export const displayNameOf = (name: string): string =>
  name
    .split('-')
    .filter((word) => !/^\d+$/.test(word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
