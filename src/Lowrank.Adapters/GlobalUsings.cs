global using Lowrank.Adapters;
global using TorchSharp;
global using static TorchSharp.torch;
global using Tensor = TorchSharp.torch.Tensor;
global using Parameter = TorchSharp.Modules.Parameter;
global using Lowrank.Torch;
global using Lowrank.Formats;
