namespace Lowrank.Torch;

/// <summary>A layer run with a weight that is built from a few small leaves: the weight is built again in backward rather than kept, and so
/// is nothing on the way to it.</summary>
/// <remarks>A graph through the building would keep several tensors of the weight's size a layer, more than the activations of a small
/// batch.</remarks>
public static class BuiltWeight
{
    /// <summary>run(x, build()), with gradients for x and the leaves.</summary>
    /// <param name="x">Input.</param>
    /// <param name="leaves">What the built weight depends on and wants gradients for.</param>
    /// <param name="build">Weight and bias from the leaves, in x's dtype. Pure but for random numbers of the default generator, which are
    /// drawn alike both times.</param>
    /// <param name="run">The layer; it and its gradients are asked of libtorch.</param>
    public static Tensor Run(
        Tensor x, IReadOnlyList<Tensor> leaves, Func<(Tensor Weight, Tensor? Bias)> build, Func<Tensor, Tensor, Tensor?, Tensor> run)
    {
        if (is_grad_enabled()) return BuiltWeightFunction.apply([build, run, x, .. leaves]);
        using var scope = NewDisposeScope();
        var (weight, bias) = build();
        return scope.MoveToOuter(run(x, weight, bias));
    }

    /// <summary>build(), with gradients for the leaves: for a layer whose code is not ours, which is run with the weight that is put in its
    /// place.</summary>
    /// <param name="leaves">What the built weight depends on and wants gradients for.</param>
    /// <param name="build">The weight from the leaves; see <see cref="Run"/>.</param>
    /// <param name="reached">Called when a gradient comes back for the weight: whoever got it has used it.</param>
    public static Tensor Make(IReadOnlyList<Tensor> leaves, Func<Tensor> build, Action? reached = null)
    {
        if (is_grad_enabled() && leaves.Any(l => l.requires_grad)) return MadeWeightFunction.apply([build, reached!, .. leaves]);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }
}
