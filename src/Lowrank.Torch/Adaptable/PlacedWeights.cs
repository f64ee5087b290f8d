namespace Lowrank.Torch;

/// <summary>Adapted weights that stand in the place of their layers' own until this is disposed.</summary>
public sealed class PlacedWeights : IDisposable
{
    readonly List<(IPlacedLayer Layer, Tensor Weight, Tensor? Bias)> placed = [];

    PlacedWeights() { }

    /// <summary>
    /// Puts the adapted weight of each layer that has a host in its place. Layers that ask their host themselves are passed over, and so
    /// are those that are placed already.
    /// </summary>
    public static PlacedWeights Of(IEnumerable<IAdaptable> layers)
    {
        var weights = new PlacedWeights();
        try
        {
            foreach (var layer in layers.OfType<IPlacedLayer>())
                if (!layer.IsPlaced && layer.Host is { } host) weights.Place(layer, host);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    void Place(IPlacedLayer layer, IAdapterHost host)
    {
        using var scope = NewDisposeScope();
        if (host.Adapted(layer) is not var (weight, bias)) return;
        layer.Place(weight, bias);
        placed.Add((layer, scope.Detach(weight), bias is null || ReferenceEquals(bias, layer.Bias) ? null : scope.Detach(bias)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (layer, weight, bias) in placed)
        {
            layer.TakeBack();
            weight.Dispose();
            bias?.Dispose();
        }
        placed.Clear();
    }
}
