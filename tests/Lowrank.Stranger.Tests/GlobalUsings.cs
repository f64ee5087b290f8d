global using Lowrank.Formats;
global using Lowrank.Testing;
global using Lowrank.Torch;
global using TorchSharp;
global using static TorchSharp.torch;
global using Tensor = TorchSharp.torch.Tensor;
