using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>k-diffusion's samplers, its map between sigmas and timesteps, and the schedules of AUTOMATIC1111 and ComfyUI.</summary>
public sealed class KSamplersGoldens
{
    const string Group = "diffusion/ksamplers";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Sampler(string name) => Golden.Run(Group, name, c =>
    {
        if (c["sampler"].ValueKind == JsonValueKind.String) OverSigmas(c);
        else if (c["schedule"].ValueKind == JsonValueKind.String) ASchedule(c);
        else if (c.HasInput("start")) OverTimesteps(c);
        else if (c.HasInput("sigma") && c.HasInput("x")) Denoised(c);
        else if (c.HasInput("sigma")) SigmaMap(c);
        else throw Golden.NotCovered("a case of another kind");
    });

    static void OverSigmas(GoldenCase c)
    {
        var sampler = Make(c);
        double[] sigmas = Doubles(c.Input("sigmas"));
        var scaledBy = c["start_scaled_by"];
        var plan = SamplingPlan.OverSigmas(sigmas, Table(c), scaledBy.ValueKind == JsonValueKind.Number ? scaledBy.GetDouble() : sigmas[0]);
        double a = c["a"].GetDouble(), b = c["b"].GetDouble();
        var evaluated = new List<double>();
        var inputs = new List<Tensor>();
        bool stepBegins = true;
        var denoiser = new Denoiser((x, level) =>
        {
            evaluated.Add(level.Sigma);
            // k-diffusion calls back with the sample as the step's first evaluation sees it: after churn.
            if (stepBegins) inputs.Add((x / level.InputScale).DetachFromDisposeScope());
            stepBegins = false;
            return (a * x + b * Math.Log(1 + level.Sigma)).tanh();
        }, PredictionType.Epsilon);
        Run(c, sampler, plan, denoiser, inputs, _ => stepBegins = true);
        if (c["evaluated_at"].ValueKind != JsonValueKind.Array) return;
        var expected = tensor(c["evaluated_at"].EnumerateArray().Select(s => s.GetDouble()).ToArray());
        // Where the steps follow from the sample, which is good to the case's tolerance, so are they; others are known to the last digit written.
        if (sampler is DpmAdaptiveSampler) c.AssertClose(tensor(evaluated.ToArray()), expected, "evaluated_at");
        else c.AssertClose(tensor(evaluated.ToArray()), expected, "evaluated_at", 2e-6, 1e-6);
    }

    static void OverTimesteps(GoldenCase c)
    {
        var options = c["options"];
        // UniPC is known by its options; the two others by whether the web UI's own step takes an eta, and how it starts.
        if (options.TryGetProperty("variant", out _))
        {
            UniPc(c, options);
            return;
        }
        var expected = Doubles(c.Expected("timesteps"));
        var plan = new WebUiTimestepSchedule().Plan(NoiseSchedule.From(Stable, doubles: true), c["steps"].GetInt32());
        c.AssertClose(tensor(plan.Steps.Select(s => s.From.Timestep).Append(plan.Steps[^1].To.Timestep).Order().ToArray()), tensor(expected), "timesteps");
        double a = c["a"].GetDouble(), b = c["b"].GetDouble();
        var denoiser = new Denoiser((x, level) => (a * x + b * level.Timestep / 1000).tanh(), PredictionType.Epsilon);
        var outputs = new List<Tensor>();   // the web UI calls back with the sample after the step
        string kind = c.Name.Split('/')[1];
        Run(c, kind.StartsWith("plms", StringComparison.Ordinal) ? new PndmSampler() : new DdimSampler(Option(c, "eta") ?? 0), plan, denoiser, outputs, x => outputs.Add(x.clone().DetachFromDisposeScope()));
    }

    static void UniPc(GoldenCase c, JsonElement options)
    {
        var plan = Schedules.Named($"unipc_{options.GetProperty("skip_type").GetString()}").Plan(NoiseSchedule.From(Stable, doubles: true), c["steps"].GetInt32());
        var sampler = Samplers.Named("UniPC").Create(new SamplerOptions
        {
            Order = options.GetProperty("order").GetInt32(),
            Manner = SamplerManner.WebUi,
            UniPc = new(Enum.Parse<UniPcVariant>(options.GetProperty("variant").GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), options.GetProperty("lower_order_final").GetBoolean()),
        });
        c.AssertClose(tensor(WebUiTimestepSchedule.Rising(1000, c["steps"].GetInt32())), c.Expected("timesteps"), "timesteps");
        double a = c["a"].GetDouble(), b = c["b"].GetDouble();
        var denoiser = new Denoiser((x, level) => (a * x + b * level.Timestep / 1000).tanh(), PredictionType.Epsilon);
        var outputs = new List<Tensor>();
        Run(c, sampler, plan, denoiser, outputs, x => outputs.Add(x.clone().DetachFromDisposeScope()));
    }

    static void Run(GoldenCase c, Sampler sampler, SamplingPlan plan, Denoiser denoiser, List<Tensor> seen, Action<Tensor> afterStep)
    {
        var noise = new RecordedNoise(c.HasInput("draws") ? c.Input("draws") : null);
        var final = sampler.Run(denoiser, plan, c.Input("start") * plan.StartScale, noise, (_, x) => afterStep(x));
        c.AssertClose(final, c.Expected("final"), "final");
        if (c.ExpectedNames.Contains("x_at_callback")) c.AssertClose(stack(seen), c.Expected("x_at_callback"), "x_at_callback");
    }

    static Sampler Make(GoldenCase c)
    {
        string name = c["sampler"].GetString()!;
        bool heun = c["options"].TryGetProperty("solver_type", out var type) && type.GetString() == "heun";
        var churn = new Churn(Option(c, "s_churn") ?? 0, Option(c, "s_tmin") ?? 0, Option(c, "s_tmax") ?? double.PositiveInfinity, Option(c, "s_noise") ?? 1);
        double eta = Option(c, "eta") ?? 1, noiseScale = Option(c, "s_noise") ?? 1;
        return name switch
        {
            "sample_euler" => new EulerSampler(churn),
            "sample_euler_ancestral" => new EulerAncestralSampler(eta, noiseScale),
            "sample_heun" => new HeunSampler(churn),
            "sample_lms" => new LmsSampler((int)(Option(c, "order") ?? 4)),
            "sample_dpmpp_2m" => new DpmMultistepSampler(),
            "sample_dpmpp_2m_sde" => new DpmMultistepSampler(2, eta, heun, noiseScale),
            "sample_dpmpp_3m_sde" => new DpmMultistepSampler(3, eta, heun: true, noiseScale),
            "sample_dpm_2" => new Dpm2Sampler(churn),
            "sample_dpm_2_ancestral" => new Dpm2AncestralSampler(eta, noiseScale),
            "sample_dpmpp_2s_ancestral" => new Dpmpp2sAncestralSampler(eta, noiseScale),
            "sample_dpmpp_sde" => new DpmppSdeSampler(eta, noiseScale, Option(c, "r") ?? 0.5),
            "sample_dpm_fast" => new DpmFastSampler(Option(c, "eta") ?? 0, noiseScale),
            "sample_dpm_adaptive" => new DpmAdaptiveSampler(Adaptive(c)),
            "sample_restart" => new RestartSampler(noiseScale),
            _ => throw Golden.NotCovered(name),
        };
    }

    static DpmAdaptiveOptions Adaptive(GoldenCase c)
    {
        var usual = new DpmAdaptiveOptions();
        return new()
        {
            Order = (int)(Option(c, "order") ?? usual.Order),
            RelativeTolerance = Option(c, "rtol") ?? usual.RelativeTolerance,
            AbsoluteTolerance = Option(c, "atol") ?? usual.AbsoluteTolerance,
            FirstLength = Option(c, "h_init") ?? usual.FirstLength,
            Proportional = Option(c, "pcoeff") ?? usual.Proportional,
            Integral = Option(c, "icoeff") ?? usual.Integral,
            Derivative = Option(c, "dcoeff") ?? usual.Derivative,
            AcceptSafety = Option(c, "accept_safety") ?? usual.AcceptSafety,
            Eta = Option(c, "eta") ?? usual.Eta,
            NoiseScale = Option(c, "s_noise") ?? usual.NoiseScale,
        };
    }

    static double? Option(GoldenCase c, string name) => c["options"].TryGetProperty(name, out var value) ? value.GetDouble() : null;

    static void ASchedule(GoldenCase c)
    {
        string name = c["schedule"].GetString()!;
        bool comfy = !name.Any(char.IsUpper);   // ComfyUI writes names, AUTOMATIC1111 labels
        var want = Doubles(c.Expected("sigmas"));
        var table = Table(c);
        int steps = c["steps"].GetInt32();
        if (comfy) name = name switch { "beta" => "beta_timesteps", "kl_optimal" => "kl_optimal_zero", _ => name };   // its formulas of these names are others
        if (name == "Align Your Steps" && c.Name.Contains("sdxl", StringComparison.Ordinal)) name += " SDXL";
        var schedule = Schedules.All.OfType<SigmaSchedule>().FirstOrDefault(s => s.Name == name || s.Label == name) ?? throw Golden.NotCovered($"schedule {name}");
        c.AssertClose(tensor(schedule.Sigmas(table, steps)), tensor(want), "sigmas");
    }

    static void SigmaMap(GoldenCase c)
    {
        var table = Table(c);
        double[] sigmas = Doubles(c.Input("sigma"));
        c.AssertClose(tensor(table.Sigmas.ToArray()), c.Expected("sigmas_table"), "sigmas_table");
        c.AssertClose(tensor(sigmas.Select(table.Timestep).ToArray()), c.Expected("t"), "t");
        c.AssertClose(tensor(sigmas.Select(s => (double)table.NearestTimestep(s)).ToArray()), c.Expected("t_quantized"), "t_quantized");
        c.AssertClose(tensor(c["t"].EnumerateArray().Select(t => table.AtTimestep(t.GetDouble())).ToArray()), c.Expected("sigma_of_t"), "sigma_of_t");
    }

    static void Denoised(GoldenCase c)
    {
        var table = Table(c);
        double a = c["a"].GetDouble(), b = c["b"].GetDouble();
        var (x, sigmas) = (c.Input("x"), Doubles(c.Input("sigma")));
        foreach (var (type, name) in new[] { (PredictionType.Epsilon, "eps_model"), (PredictionType.Velocity, "v_model") })
        {
            var denoiser = new Denoiser((y, level) => (a * y + b * level.Timestep / 1000).tanh(), type);
            var got = sigmas.Select((s, i) => denoiser.Predict(x[i], NoiseLevel.Exploding(s, table.Timestep(s))).Clean);
            c.AssertClose(stack(got), c.Expected(name), name);
        }
    }

    // The group states no betas: they are Stable Diffusion's.
    static SchedulerConfig Stable { get; } = new();

    static SigmaTable Table(GoldenCase _) => SigmaTable.Of(NoiseSchedule.From(Stable, doubles: true));

    static double[] Doubles(Tensor values) => values.to(ScalarType.Float64).data<double>().ToArray();
}
