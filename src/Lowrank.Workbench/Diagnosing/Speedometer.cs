using System.Diagnostics;
using static TorchSharp.torch.nn;

namespace Lowrank.Workbench;

/// <summary>Measures how fast a device computes what models are made of.</summary>
/// <param name="device">The device.</param>
sealed class Speedometer(Device device)
{
    /// <summary>A linear layer as large as those of Stable Diffusion's text encoders.</summary>
    public SpeedReading Linear()
    {
        const int rows = 1024, from = 768, to = 3072;
        return Both($"linear {from} to {to}, {rows} rows", dtype =>
        {
            var (x, weight) = (randn(rows, from, device: device).to(dtype), randn(to, from, device: device).to(dtype));
            return Gigaflops(2.0 * rows * from * to, () => functional.linear(x, weight));
        });
    }

    /// <summary>A convolution as large as those of a small UNet.</summary>
    public SpeedReading Convolution()
    {
        const int batch = 4, channels = 128, side = 32, kernel = 3;
        long[] ofInput = [batch, channels, side, side], ofWeight = [channels, channels, kernel, kernel];
        return Both($"convolution {kernel}x{kernel}, {channels} channels, {side}x{side}, batch {batch}", dtype =>
        {
            var (x, weight) = (randn(ofInput, device: device).to(dtype), randn(ofWeight, device: device).to(dtype));
            double operations = 2.0 * batch * side * side * channels * channels * kernel * kernel;
            return Gigaflops(operations, () => functional.conv2d(x, weight, padding: [1, 1]));
        });
    }

    static SpeedReading Both(string operation, Func<ScalarType, double> measure) =>
        new(operation, measure(ScalarType.Float32), measure(ScalarType.BFloat16));

    // The best of what fits into a third of a second: others' work on the machine only ever makes it slower.
    double Gigaflops(double operations, Func<Tensor> run)
    {
        Time(run);
        var best = TimeSpan.MaxValue;
        long start = Stopwatch.GetTimestamp();
        do
        {
            var took = Time(run);
            if (took < best) best = took;
        }
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.33));
        return Math.Round(operations / best.TotalSeconds / 1e9, 1);
    }

    TimeSpan Time(Func<Tensor> run)
    {
        long before = Stopwatch.GetTimestamp();
        using var answer = run();
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);   // it answers before it has computed
        return Stopwatch.GetElapsedTime(before);
    }
}
