namespace Lowrank.Torch;

/// <summary>The three dtypes of a run. There is no autocast: a model's input is cast to <see cref="Compute"/>, and layers cast what they
/// hold to their input.</summary>
/// <param name="Stored">dtype of the base model's weights at rest.</param>
/// <param name="Compute">dtype in which the network is computed.</param>
/// <param name="Adapter">dtype of trained parts: float32 masters, since small steps vanish in bfloat16.</param>
public sealed record Precision(ScalarType Stored, ScalarType Compute, ScalarType Adapter = ScalarType.Float32)
{
    /// <summary>Everything in float32.</summary>
    public static Precision Float32 { get; } = new(ScalarType.Float32, ScalarType.Float32);

    /// <summary>Stored and computed in bfloat16; what is trained stays float32.</summary>
    public static Precision BFloat16 { get; } = new(ScalarType.BFloat16, ScalarType.BFloat16);

    /// <summary>The faster of the two on a processor.</summary>
    public static Precision FasterOn(Processor processor) => processor.MultipliesBFloat16 ? BFloat16 : Float32;
}
