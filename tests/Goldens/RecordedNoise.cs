using Lowrank.Diffusion;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The draws that a golden case lists along the first axis, given out one after the other.</summary>
public sealed class RecordedNoise(Tensor? draws) : INoise
{
    int next;

    public Tensor Draw(NoiseLevel from, NoiseLevel to) => draws is { } recorded && next < recorded.shape[0]
        ? recorded[next++]
        : throw new InvalidOperationException($"draw {next} was asked for, and the case lists {draws?.shape[0] ?? 0}");
}
