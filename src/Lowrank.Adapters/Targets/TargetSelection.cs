namespace Lowrank.Adapters;

/// <summary>Which layers are adapted when nobody names them.</summary>
public static class TargetSelection
{
    /// <summary>The layers that kohya's sd-scripts adapts: those of the preset.</summary>
    /// <param name="model">The model.</param>
    /// <param name="denoiser">Whether the denoiser's transformers are adapted: every linear and pointwise convolution in them.</param>
    /// <param name="textEncoder">Whether the text encoders' attention and feed-forward layers are.</param>
    /// <param name="convolutions">
    /// Whether the residual blocks' convolutions and time projections, and the samplers' convolutions, are too.
    /// </param>
    public static IReadOnlyList<Target> Kohya(
        ModelDescription model, bool denoiser = true, bool textEncoder = false, bool convolutions = false)
    {
        var patterns = Enum.GetValues<ComponentRole>()
            .ToDictionary(role => role, role => TargetPresets.Kohya.PatternsFor(role, convolutions));
        return
        [
            .. from place in TargetPlace.In(model)
               where place.Role == ComponentRole.Denoiser ? denoiser : textEncoder
               where IsMatrix(place.Target) && (convolutions || !place.Target.IsSpatial)
               where patterns[place.Role].Any(pattern => pattern.Chooses(place))
               select place.Target,
        ];
    }

    static bool IsMatrix(Target target) => target.Kind is not (LayerKind.Embedding or LayerKind.Norm);
}
