global using Lowrank.Torch;
global using Lowrank.Torch.Layers;
global using TorchSharp;
global using static TorchSharp.torch;
global using Tensor = TorchSharp.torch.Tensor;
global using Parameter = TorchSharp.Modules.Parameter;
