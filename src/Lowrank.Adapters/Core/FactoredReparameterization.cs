namespace Lowrank.Adapters;

/// <summary>
/// A method whose Δ is a product of two thin factors, so that a linear layer need not build it: y + strength·(x·downᵀ)·upᵀ.
/// </summary>
public abstract class FactoredReparameterization(MethodDescriptor method, Target target) : AdditiveReparameterization(method, target)
{
    /// <summary>Up (out, rank) and down (rank, in·kh·kw), float32, the scale included.</summary>
    protected abstract (Tensor Up, Tensor Down) Factors();

    /// <inheritdoc cref="Factors"/>
    internal (Tensor Up, Tensor Down) Product => Factors();

    /// <inheritdoc/>
    public sealed override Tensor Delta(Tensor weight)
    {
        var (up, down) = Factors();
        return up.to(weight.dtype).Multiply(down.to(weight.dtype));
    }

    /// <inheritdoc/>
    public sealed override bool HasBranch => Target.Kind is LayerKind.Linear or LayerKind.TransposedLinear or LayerKind.Embedding;

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x, IAdaptable layer, double strength) =>
        HasBranch ? layer.Run(x).add_(Branch(x, layer, strength)) : base.Forward(x, layer, strength);

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        var (up, down) = Factors();
        // Rows of rank activations: x·downᵀ, which for ids is a look-up of down's columns.
        var low = Target.Kind == LayerKind.Embedding
            ? down.t().index_select(0, x.reshape(-1)).reshape([.. x.shape, down.shape[0]])
            : nn.functional.linear(x, down.to(x.dtype));
        var branch = nn.functional.linear(low, (up * strength).to(low.dtype));
        return Target.Kind == LayerKind.Embedding ? branch.to(layer.Weight.Dtype) : branch;
    }
}
