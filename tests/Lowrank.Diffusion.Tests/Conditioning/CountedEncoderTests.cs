#pragma warning disable IDE0005 // the tests of the workbench compile this file too, and have these names everywhere
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
#pragma warning restore IDE0005

namespace Lowrank.Diffusion.Tests;

/// <summary>A small model whose text encoder is counted each time that it is asked.</summary>
public abstract class CountedEncoderTests : IDisposable
{
    readonly DisposeScope scope;

    protected CountedEncoderTests()
    {
        Model = StableDiffusion.Load(
            Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);
        scope = NewDisposeScope();
        Asked = new(Model.TextEncoder, "layers.0.layer_norm1");
    }

    protected StableDiffusion Model { get; }

    protected CountedCalls Asked { get; }

    public void Dispose()
    {
        scope.Dispose();
        Model.Dispose();
        GC.SuppressFinalize(this);
    }
}
