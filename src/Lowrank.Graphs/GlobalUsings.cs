global using Lowrank.Adapters;
global using Lowrank.Diffusion;
global using Lowrank.Formats;
global using Lowrank.Models;
global using Lowrank.Torch;
global using TorchSharp;
global using static TorchSharp.torch;
global using Tensor = TorchSharp.torch.Tensor;
