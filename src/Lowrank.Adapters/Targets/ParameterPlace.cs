namespace Lowrank.Adapters;

/// <summary>What a parameter of a model is to an adaptable layer.</summary>
/// <param name="Path">The layer's path.</param>
/// <param name="Layer">The layer.</param>
/// <param name="IsBias">Whether it is the bias; else it is the weight.</param>
sealed record ParameterPlace(string Path, IAdaptable Layer, bool IsBias)
{
    /// <summary>The weights and biases of a model's layers by the parameters' paths.</summary>
    public static IReadOnlyDictionary<string, ParameterPlace> In(ModelDescription model)
    {
        var places = new Dictionary<string, ParameterPlace>();
        foreach (var (path, layer) in model.LayersByPath)
        {
            var (module, weight, bias) = layer is SealedWeight own
                ? (own.Name.Length == 0 ? path : path[..^(own.Name.Length + 1)], own.WeightName, own.BiasName)
                : (path, "weight", "bias");
            places[$"{module}.{weight}"] = new(path, layer, false);
            if (bias is not null) places[$"{module}.{bias}"] = new(path, layer, true);
        }
        return places;
    }
}
