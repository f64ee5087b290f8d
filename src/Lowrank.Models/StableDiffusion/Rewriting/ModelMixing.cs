namespace Lowrank.Models;

/// <summary>
/// Mixes base models of one family, whatever layout each lies in: denoising network and text encoders; the autoencoder stays the first
/// one's.
/// </summary>
public static class ModelMixing
{
    const string InputWeight = "unet.conv_in.weight";

    /// <summary>A weighted sum: each of the others with its weight, the model itself with what is left to 1.</summary>
    /// <param name="model">The model that is written anew.</param>
    /// <param name="others">The others, open until the edit is done. Where all have the model's own values, these stay to the bit.</param>
    /// <exception cref="LowrankException">Another family, or tensors that only one of them has.</exception>
    public static WeightEdit Weighted(ModelOutline model, IReadOnlyList<(ModelOutline Model, double Weight)> others)
    {
        double share = 1 - others.Sum(other => other.Weight);
        return Edit(model, others, share, (own, terms) => terms.All(term => IsSame(own, term)));
    }

    /// <summary>model + times·(plus − minus): what the one learned over the other, added.</summary>
    /// <param name="model">
    /// The model that is written anew. One that inpaints takes up the difference of others in the channels that they share.
    /// </param>
    /// <param name="plus">The tuned model.</param>
    /// <param name="minus">What it was tuned from.</param>
    /// <param name="times">How much of the difference is added.</param>
    /// <exception cref="LowrankException">Another family, or tensors that only one of them has.</exception>
    public static WeightEdit AddDifference(ModelOutline model, ModelOutline plus, ModelOutline minus, double times) =>
        Edit(model, [(plus, times), (minus, -times)], 1, (_, terms) => IsSame(terms[0], terms[1]));

    static bool IsSame(Tensor one, Tensor other) => one.dtype == other.dtype && one.Equals(other);

    // What would stay the same but for the rounding of the sum is left as it is.
    static WeightEdit Edit(
        ModelOutline model, IReadOnlyList<(ModelOutline Model, double Weight)> others, double share, Func<Tensor, Tensor[], bool> stays)
    {
        foreach (var (other, weight) in others) AssertMixes(model, other, weight);
        return new(model.Names.Contains, (name, own) =>
        {
            using var scope = NewDisposeScope();
            Tensor[] terms = [.. others.Select(other => other.Model.Read(name)!.to(ScalarType.Float32))];
            if (stays(own, terms)) return own;
            var sum = own.mul_(share);
            foreach (var ((other, weight), term) in others.Zip(terms))
            {
                if (term.shape.AsSpan().SequenceEqual(sum.shape)) sum.add_(term, weight);
                else if (SharesChannels(name, sum, term)) sum.narrow(1, 0, term.shape[1]).add_(term, weight);
                else
                    throw new LowrankException($"{name} has shape {own.shape.Text()} in {model.Location} " +
                        $"and {term.shape.Text()} in {other.Location}.");
            }
            return scope.MoveToOuter(sum);
        });

        // An inpainting network's first layer takes more channels; what it shares with others comes first.
        bool SharesChannels(string name, Tensor sum, Tensor term) => name == InputWeight && share == 1 && term.shape[1] < sum.shape[1];
    }

    static void AssertMixes(ModelOutline model, ModelOutline other, double weight)
    {
        if (!double.IsFinite(weight))
            throw new LowrankException($"the weight of {other.Location} is {PlainValue.Text(weight)}; it is a finite number.");
        if (other.Family != model.Family)
            throw new LowrankException(
                $"{model.Location} is a model of the family {model.Family}, and {other.Location} one of {other.Family}. " +
                "Only models of one family can be mixed.");
        var single = model.Names.Except(other.Names).Concat(other.Names.Except(model.Names)).Order(StringComparer.Ordinal).ToList();
        if (single.Count > 0)
            throw new LowrankException($"{model.Location} and {other.Location} do not have the same tensors: " +
                $"{single.Count} are in one of them alone, such as {single[0]}.");
    }
}
