global using TorchSharp;
global using static TorchSharp.torch;
global using Tensor = TorchSharp.torch.Tensor;
global using Parameter = TorchSharp.Modules.Parameter;
global using Lowrank.Torch;
global using Lowrank.Torch.Layers;
global using Lowrank.Formats;
global using Storage = Lowrank.Torch.Layers.Storage;
global using Modules = TorchSharp.Modules;
