namespace Lowrank.Bench;

/// <summary>Linear layers in a row, each added to what it was given: as many targets as asked.</summary>
sealed class LinearChain : Layer
{
    public const long Width = 256, Tokens = 64;

    readonly TorchSharp.Modules.ModuleList<Linear> layers;

    public LinearChain(long width, int count, Storage storage) : base(nameof(LinearChain))
    {
        layers = nn.ModuleList(Enumerable.Range(0, count).Select(_ => new Linear(width, width, true, storage)).ToArray());
        RegisterComponents();
    }

    // A sum, so that a long chain keeps its size.
    protected override Tensor Compute(Tensor x)
    {
        foreach (var layer in layers) x = x + layer.call(nn.functional.gelu(x));
        return x;
    }
}
