namespace Lowrank.Adapters;

/// <summary>The adapted weights that a layer is given which can only be run with what stands in the place of its own.</summary>
sealed class GivenWeights(IAdaptable layer)
{
    /// <summary>How often one was given away.</summary>
    public long Given { get; private set; }

    /// <summary>How often a gradient came back for one: it may be given to a module whose code passes it over.</summary>
    public long Reached { get; private set; }

    /// <summary>The weight with its history, and the bias.</summary>
    /// <param name="active">What the weight is taken through, at least one.</param>
    /// <param name="place">The layer, for errors.</param>
    /// <exception cref="LowrankException">A dropout acts beside the weight.</exception>
    public (Tensor Weight, Tensor? Bias) Build(
        IReadOnlyList<(Reparameterization Reparameterization, double Strength)> active, Target? place)
    {
        if (active.FirstOrDefault(a => a.Reparameterization.DropsBeside).Reparameterization is { } dropping)
            throw new LowrankException($"the dropout of {dropping.Method.Name} acts beside the weight, and {place} is given one " +
                "weight, as in a script or a recurrent layer. Take ModuleDropout, or RankDropout with DropoutStyle.Lycoris.");
        Given++;
        var dtype = layer.Weight.Dtype;
        bool trains = LayerMode.IsTraining;   // on the way back too, whatever the model's mode is by then
        long exchanges = layer.Weight.Exchanges;
        var weight = BuiltWeight.Make([.. active.SelectMany(a => a.Reparameterization.Trainable)], Built, () => Reached++);
        if (!active.Any(a => a.Reparameterization.AdaptsBias)) return (weight, layer.Bias);
        return (weight, Reparameterization.AppliedBias(layer.Bias, layer.Weight.Dense, active)?.to(dtype));

        Tensor Built()
        {
            using var mode = LayerMode.Of(trains);
            Reparameterization.RefuseExchanged(layer, exchanges, place);
            return Reparameterization.Applied(layer.Weight.Dense(), active).to(dtype);
        }
    }
}
