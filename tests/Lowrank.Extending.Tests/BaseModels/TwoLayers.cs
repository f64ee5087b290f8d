namespace Lowrank.Extending.Tests;

/// <summary>y = W₂·relu(W₁·x + b).</summary>
sealed class TwoLayers : Layer
{
    readonly Linear first, second;

    public TwoLayers(int inFeatures, int hidden, int outFeatures, Storage storage) : base(nameof(TwoLayers))
    {
        first = new(inFeatures, hidden, storage: storage);
        second = new(hidden, outFeatures, bias: false, storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => second.call(first.call(x).relu());
}
