namespace Lowrank.Graphs;

/// <summary>The weights of two models in shares, in place of those of the first.</summary>
/// <param name="Side">Which networks are mixed.</param>
/// <param name="FirstChanges">What nodes changed in the first one's weights.</param>
/// <param name="Second">The second one's base.</param>
/// <param name="SecondChanges">What nodes changed in its weights.</param>
/// <param name="Shares">The share of each, by the weight's path: "unet.conv_in.weight".</param>
public sealed record MixedWeights(
    ModelSide Side,
    IReadOnlyList<WeightChange> FirstChanges,
    GraphBase Second,
    IReadOnlyList<WeightChange> SecondChanges,
    Func<string, (double First, double Second)> Shares) : WeightChange
{
    /// <inheritdoc/>
    /// <exception cref="LowrankException">The models have other weights, or of other shapes.</exception>
    public override IDisposable Apply(StableDiffusion model)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var second = EffectiveWeights.Read(Second.Model, SecondChanges, Side);
        var mixed = EffectiveWeights.Read(model, FirstChanges, Side);
        foreach (var (path, weight) in mixed)
        {
            var other = second.GetValueOrDefault(path);
            if (other is null || !other.shape.SequenceEqual(weight.shape))
                throw new LowrankException($"{path} is {weight.shape.Text()} in {model.Name}, and " +
                    $"{other?.shape.Text() ?? "not there"} in {Second.Model.Name}: models of other shapes cannot be mixed.");
            var (share, rest) = Shares(path);
            weight.mul_(share).add_(other, alpha: rest);
        }
        return new ReplacedWeights(model, Side, mixed);
    }
}
