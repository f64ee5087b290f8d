global using Lowrank;
global using Lowrank.Testing;
global using Lowrank.Torch;
global using Lowrank.Torch.Layers;
global using TorchSharp;
global using static TorchSharp.torch;
global using Storage = Lowrank.Torch.Layers.Storage;
global using Tensor = TorchSharp.torch.Tensor;
