using System.Text.Json;
using Lowrank.Graphs;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Compares what samplers of a graph drew and saw, run by run; in which order nodes sample means nothing.</summary>
sealed class ComfyUiSamplings(GoldenCase c) : SamplingWatch, IDisposable
{
    // Of a 1e-5 th: the levels are ComfyUI's own float32.
    const double SigmaTolerance = 2e-5;

    readonly List<Tensor> draws = [];
    readonly List<double> levels = [];
    readonly HashSet<string> sampled = [];
    int run;
    Tensor? last;

    JsonElement Runs => c["expected"].TryGetProperty("samplings", out var runs) ? runs : default;

    JsonElement Run => Runs[run];

    string What => $"sampling {run} of node {Run.GetProperty("node")}";

    public override void Begins(string node, IReadOnlyList<float> sigmas, Tensor noise)
    {
        Clear();
        run = Enumerable.Range(0, Count).FirstOrDefault(i => Runs[i].GetProperty("node").GetString() == node, -1);
        Assert.True(run >= 0 && sampled.Add(node), $"node {node} samples, and is not expected to, or twice");
        Close(tensor(sigmas.ToArray()), "sigmas", "sigmas");
        Close(noise, "noise", "latent");
    }

    public override void Draws(Tensor noise) => draws.Add(noise.clone().DetachFromDisposeScope());

    public override void MixesIn(Tensor noise) => Close(noise, "mask_noise", "latent");

    public override void Estimates(double sigma, Tensor denoised)
    {
        if (levels.Count == 0) Close(denoised, "denoised_first", "latent");
        levels.Add(sigma);
        last?.Dispose();
        last = denoised.clone().DetachFromDisposeScope();
    }

    public override void Ends()
    {
        double[] wanted = [.. Run.GetProperty("evaluated_at").EnumerateArray().Select(level => level.GetDouble())];
        Assert.Equal(wanted.Length, levels.Count);
        foreach (var (want, got) in wanted.Zip(levels)) Assert.Equal(want, got, SigmaTolerance * Math.Max(1, Math.Abs(want)));
        if (Run.TryGetProperty("draws", out _))
        {
            using var all = stack(draws);
            Close(all, "draws", "latent");
        }
        if (last is not null) Close(last, "denoised_last", "latent");
    }

    int Count => Runs.ValueKind == JsonValueKind.Array ? Runs.GetArrayLength() : 0;

    public void AssertAllSeen() => Assert.Equal(Count, sampled.Count);

    void Close(Tensor got, string name, string kind)
    {
        if (Run.TryGetProperty(name, out var wanted)) ComfyUiTensors.AssertClose(c, got, wanted.GetString()!, kind, $"{What}, {name}");
    }

    void Clear()
    {
        draws.ForEach(draw => draw.Dispose());
        draws.Clear();
        levels.Clear();
        last?.Dispose();
        last = null;
    }

    public void Dispose() => Clear();
}
