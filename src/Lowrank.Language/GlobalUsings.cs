global using TorchSharp;
global using static TorchSharp.torch;
global using Tensor = TorchSharp.torch.Tensor;
global using Storage = Lowrank.Torch.Layers.Storage;
global using Lowrank.Torch;
global using Lowrank.Formats;
global using Lowrank.Models;
