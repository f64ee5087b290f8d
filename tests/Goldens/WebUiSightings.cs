using Lowrank.Diffusion;
using Lowrank.Testing;
using Lowrank.Workbench;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What a web UI's job showed on the way, beside what the golden case has of it.</summary>
sealed class WebUiSightings(GoldenCase c) : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly List<(SamplingPlan Plan, List<(NoiseLevel From, NoiseLevel To, List<Tensor> Clean)> Steps)> passes = [];
    readonly Dictionary<string, List<Tensor>> latents = new() { ["encoded"] = [], ["first_pass"] = [], ["latent"] = [] };
    bool stepBegins;

    public WebUiWatch Watch => new()
    {
        Walks = plan =>
        {
            passes.Add((plan, []));
            stepBegins = true;
        },
        Predicted = (_, level, clean) =>
        {
            var (_, steps) = passes[^1];
            if (stepBegins) steps.Add((level, level, [Kept(clean)]));
            else
            {
                steps[^1].Clean.Add(Kept(clean));
                steps[^1] = steps[^1] with { To = level };
            }
            stepBegins = false;
        },
        AfterStep = _ => stepBegins = true,
        Encoded = x => latents["encoded"].Add(Kept(x)),
        FirstPass = x => latents["first_pass"].Add(Kept(x)),
        Decoding = x => latents["latent"].Add(Kept(x)),
    };

    public void Check()
    {
        var tolerance = c["tolerance"].GetProperty("latent");
        double atol = tolerance.GetProperty("atol").GetDouble(), rtol = tolerance.GetProperty("rtol").GetDouble();
        Sigmas();
        var denoised = passes.SelectMany(pass => Told(pass.Plan, [.. pass.Steps.Select(step => step.Clean)])).ToList();
        foreach (string name in c.ExpectedNames.Where(name => !name.StartsWith("image.", StringComparison.Ordinal)))
        {
            var (kind, number) = (name[..name.IndexOf('.')], int.Parse(name[(name.IndexOf('.') + 1)..]));
            var all = kind == "denoised" ? denoised : latents[kind];
            Assert.True(number < all.Count, $"{c.Name}: there is no {name}, but {all.Count} of them");
            c.AssertClose(all[number], c.Expected(name), name, atol, rtol);
        }
    }

    // The web UI's callbacks say 0 for samplers over timesteps, and where it takes steps of its own what it comes from (Restart: goes to).
    void Sigmas()
    {
        double[] want = [.. c["sigmas"].EnumerateArray().Select(sigma => sigma.GetDouble())];
        if (passes.Exists(pass => IsOverTimesteps(pass.Plan))) return;
        double[] got = [.. passes.SelectMany(pass => Visited(pass.Plan, [.. pass.Steps.Select(step => (step.From.Ratio, step.To.Ratio))]))];
        Assert.Equal(want.Length, got.Length);
        for (int i = 0; i < want.Length; i++) Assert.True(Math.Abs(want[i] - got[i]) <= 2e-6 * want[i] + 1e-9, $"{c.Name}: sigma {i} is {got[i]}, expected {want[i]}");
    }

    IEnumerable<double> Visited(SamplingPlan plan, (double From, double To)[] steps)
    {
        // Its steps ask at both ends, but for those that end at 0.
        if (c["infotexts"][0].GetString()!.Contains("Sampler: Restart", StringComparison.Ordinal))
            return steps.Select(step => step.To == step.From ? 0 : step.To);
        return steps.Length == plan.Steps.Count ? plan.Sigmas.SkipLast(1) : steps.Select(step => step.From);
    }

    // What its callbacks are told: UniPC's what they end with; others over timesteps what a step was made of, else what it began with.
    IEnumerable<Tensor> Told(SamplingPlan plan, List<Tensor>[] steps)
    {
        if (c["infotexts"][0].GetString()!.Contains("Sampler: UniPC", StringComparison.Ordinal)) return steps.SelectMany(clean => clean).Skip(1);
        return steps.Select(clean => IsOverTimesteps(plan) ? clean[^1] : clean[0]);
    }

    static bool IsOverTimesteps(SamplingPlan plan) => plan.Steps[0].From.Alpha != 1;

    Tensor Kept(Tensor x)
    {
        var kept = x.clone().DetachFromDisposeScope();
        scope.Attach(kept);
        return kept;
    }

    public void Dispose() => scope.Dispose();
}
