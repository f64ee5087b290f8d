namespace Lowrank.Adapters;

/// <summary>
/// A method that adds: W' = W + strength·Δ. What works over any of these is a wrapper: <see cref="Dora"/>, <see cref="LearnedScalar"/>.
/// </summary>
public abstract class AdditiveReparameterization(MethodDescriptor method, Target target) : Reparameterization(method, target)
{
    /// <summary>Δ at strength 1, a matrix (out, in·kh·kw) in the weight's dtype, its scale included.</summary>
    /// <param name="weight">W as a matrix, float32 or wider; most methods do not ask for its values.</param>
    public abstract Tensor Delta(Tensor weight);

    /// <summary>Whether the change depends on W, so that a file alone does not tell it.</summary>
    public virtual bool NeedsWeight => false;

    /// <summary>
    /// What is added to the answer in LyCORIS's bypass mode, dropouts included, where that is more than the layer run with the change
    /// alone; null where it is not.
    /// </summary>
    internal virtual Tensor? Bypassed(Tensor x, IAdaptable layer, double strength, MethodOptions drops) => null;

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight) => Delta(weight()).norm().ToDouble();

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        using var grad = no_grad();
        var parts = Parts.ToDictionary(p => p.Part, p => p.Value);
        var names = parts.Keys.ToHashSet();
        var factors = Method.Factors(names, spread);
        if (factors.Count == 0) factors = [.. Method.ScalarParts(names)];
        else ratio = Math.Pow(ratio, 1.0 / factors.Count);
        foreach (string part in factors) parts[part].mul_(ratio);
    }

    /// <inheritdoc/>
    public sealed override Tensor Apply(Tensor weight, double strength) => Added(weight, strength);

    internal override Tensor ApplyOver(Tensor matrix, double strength) => matrix.add_(Delta(matrix), strength);

    /// <summary>W + strength·Δ where that is cheaper than making Δ first.</summary>
    protected virtual Tensor Added(Tensor weight, double strength) => weight.add(Delta(weight), strength);
}
