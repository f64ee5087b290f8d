namespace Lowrank.Workbench;

/// <summary>How long the demo of a language model will take, told before it begins.</summary>
/// <param name="Whole">The whole of it.</param>
/// <param name="Rate">How fast this machine multiplies, in GFLOPS.</param>
/// <param name="Dtype">In which dtype.</param>
public sealed record DemoForecast(TimeSpan Whole, double Rate, string Dtype)
{
    // Of the demo's own model and rows; another model is told by its size.
    const double StepTeraflops = 0.38, OwnBytes = 98_362_432;

    // Loading, hashing and measuring.
    const double Fixed = 8;

    // One token of one row on the machine of the bench, most of it the reading of weights.
    const double TokenSeconds = 0.006, TokensOfAText = 40;

    /// <summary>By a product as large as those of text encoders, timed for a moment.</summary>
    /// <param name="steps">Training steps.</param>
    /// <param name="texts">Texts that are written.</param>
    /// <param name="model">The base model.</param>
    /// <param name="precision">In what is trained.</param>
    /// <param name="device">What computes.</param>
    public static DemoForecast Of(int steps, int texts, string model, Precision precision, Device device)
    {
        var speed = new Speedometer(device).Linear();
        bool isHalf = precision.Compute == ScalarType.BFloat16;
        double rate = isHalf ? speed.Bf16 : speed.F32;
        double size = File.Exists(model) ? Math.Max(1, new FileInfo(model).Length / OwnBytes) : 1;
        double training = steps * StepTeraflops * 1000 / rate, writing = texts * TokensOfAText * TokenSeconds;
        return new(TimeSpan.FromSeconds(Fixed + size * (training + writing)), rate, isHalf ? "bfloat16" : "float32");
    }
}
