using System.Globalization;
using System.Text.Json;

namespace Lowrank.Models;

/// <summary>A scheduler_config.json of diffusers: how the model was noised in training, and how its authors sample from it.</summary>
/// <remarks>Fields that a file leaves out take the default of the scheduler class it names, as in diffusers 0.42.</remarks>
public sealed record SchedulerConfig
{
    /// <summary>The diffusers class: "DDIMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", ...</summary>
    public string ClassName { get; init; } = "DDIMScheduler";

    /// <summary>Number of noise levels in training; 1000.</summary>
    public int TrainTimesteps { get; init; } = 1000;

    /// <summary>β of the first level, in (0, 1).</summary>
    public double BetaStart { get; init; } = 0.00085;

    /// <summary>β of the last level, in (0, 1).</summary>
    public double BetaEnd { get; init; } = 0.012;

    /// <summary>How β grows in between: "linear", "scaled_linear" (√β is linear) or "squaredcos_cap_v2" (ᾱ is a cosine).</summary>
    public string BetaSchedule { get; init; } = "scaled_linear";

    /// <summary>β written out, one per level; overrules the three before it.</summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>
    /// ᾱ of every level as the checkpoint's file holds them; null where it holds none. Mostly those of the β, as exact as the file's dtype.
    /// </summary>
    public IReadOnlyList<double>? StoredAlphas { get; init; }

    /// <summary>What the network predicts.</summary>
    public PredictionType Prediction { get; init; } = PredictionType.Epsilon;

    /// <summary>Whether β is rescaled so that the last level is pure noise (Lin et al. 2023, arXiv:2305.08891, algorithm 1).</summary>
    public bool RescaleBetasZeroSnr { get; init; }

    /// <summary>How sampling steps are spread over the training levels.</summary>
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Leading;

    /// <summary>Added to every timestep of leading spacing; 1 for Stable Diffusion.</summary>
    public int StepsOffset { get; init; } = 1;

    /// <summary>Whether the last step of DDIM and PNDM ends without noise (ᾱ = 1), else at the first level's ᾱ.</summary>
    public bool SetAlphaToOne { get; init; }

    /// <summary>Whether DDIM and DDPM clamp their estimate of the clean sample: for pixels, not for latents.</summary>
    public bool ClipSample { get; init; }

    /// <summary>Where they clamp it.</summary>
    public double ClipSampleRange { get; init; } = 1;

    /// <summary>Whether the estimate is clamped at a percentile of its own values (Imagen).</summary>
    public bool Thresholding { get; init; }

    /// <summary>Whether PNDM leaves out its Runge-Kutta warm-up.</summary>
    public bool SkipPrkSteps { get; init; }

    /// <summary>"linear", or "log_linear": sigmas evenly spread by logarithm. Euler only.</summary>
    public string InterpolationType { get; init; } = "linear";

    /// <summary>"discrete", or "continuous": the network is told ln(σ)/4. Euler only.</summary>
    public string TimestepType { get; init; } = "discrete";

    /// <summary>Whether sigmas follow Karras et al. 2022 with ρ = 7.</summary>
    public bool UseKarrasSigmas { get; init; }

    /// <summary>Whether sigmas are spread evenly by logarithm.</summary>
    public bool UseExponentialSigmas { get; init; }

    /// <summary>Whether sigmas follow the quantiles of a beta distribution.</summary>
    public bool UseBetaSigmas { get; init; }

    /// <summary>Whether ln σ is spread evenly over the whole table. DPM-Solver only.</summary>
    public bool UseLuLambdas { get; init; }

    /// <summary>Smallest sigma of the three; null means the spaced steps' own.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>Largest sigma of the three; null means the spaced steps' own.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>"zero", or "sigma_min": at which sigma the last step ends.</summary>
    public string FinalSigmasType { get; init; } = "zero";

    /// <summary>λ = ln(α/σ) below which DPM-Solver visits no level; −∞ visits all. −5.1 for cosine schedules.</summary>
    public double LambdaMinClipped { get; init; } = double.NegativeInfinity;

    /// <summary>Whether sigmas are those of flow matching, which Stable Diffusion is not.</summary>
    public bool UseFlowSigmas { get; init; }

    /// <summary>"dpmsolver++", "sde-dpmsolver++", "dpmsolver" or "sde-dpmsolver".</summary>
    public string AlgorithmType { get; init; } = "dpmsolver++";

    /// <summary>Order of a multistep solver, 1 to 3.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>"midpoint" or "heun" for DPM-Solver; "bh1" or "bh2" for UniPC.</summary>
    public string SolverType { get; init; } = "midpoint";

    /// <summary>Whether UniPC integrates clean estimates, else noise estimates.</summary>
    public bool PredictX0 { get; init; } = true;

    /// <summary>Steps of UniPC, from 0, whose end is not corrected.</summary>
    public IReadOnlyList<int> DisableCorrector { get; init; } = [];

    /// <summary>Timesteps that LCM and TCD were distilled at, spread over all; 50.</summary>
    public int OriginalInferenceSteps { get; init; } = 50;

    /// <summary>How sharply LCM's scalings hold its estimate at the last timesteps; 10.</summary>
    public double TimestepScaling { get; init; } = 10;

    /// <summary>Whether the last step falls back to first order when there are fewer than 15.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether the last step is always of first order.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>Which variance DDPM adds: "fixed_small", "fixed_large", ...</summary>
    public string VarianceType { get; init; } = "fixed_small";

    /// <summary>Reads scheduler_config.json.</summary>
    /// <exception cref="LowrankException">
    /// The file is missing or no JSON, or a value is out of its range; all such values are listed.
    /// </exception>
    public static SchedulerConfig Read(string path)
    {
        try
        {
            return Parse(JsonFile.Object(path));
        }
        catch (LowrankException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new LowrankException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads the object of a scheduler_config.json.</summary>
    /// <param name="json">The object.</param>
    /// <param name="className">The class, where the object does not name it.</param>
    /// <exception cref="LowrankException">A value of another kind, or out of its range.</exception>
    public static SchedulerConfig Parse(JsonElement json, string? className = null)
    {
        var fields = new SchedulerFields(json);
        className ??= fields.Text("_class_name", "DDIMScheduler");
        // The classes disagree about what a left-out field means.
        bool isDdim = className == "DDIMScheduler", isDdpm = className == "DDPMScheduler", isPndm = className == "PNDMScheduler";
        bool isDistilled = className is "LCMScheduler" or "TCDScheduler";
        bool hasOwnBetas = isDistilled || className is "HeunDiscreteScheduler" or "KDPM2DiscreteScheduler"
            or "KDPM2AncestralDiscreteScheduler" or "DPMSolverSDEScheduler";
        return new SchedulerConfig
        {
            ClassName = className,
            TrainTimesteps = (int)fields.Number("num_train_timesteps", 1000),
            BetaStart = fields.Number("beta_start", hasOwnBetas ? 0.00085 : 0.0001),
            BetaEnd = fields.Number("beta_end", hasOwnBetas ? 0.012 : 0.02),
            BetaSchedule = fields.Text("beta_schedule", isDistilled ? "scaled_linear" : "linear"),
            TrainedBetas = fields.Numbers("trained_betas"),
            Prediction = fields.Prediction("prediction_type"),
            RescaleBetasZeroSnr = fields.Flag("rescale_betas_zero_snr", false),
            Spacing = fields.Spacing("timestep_spacing", isDdim || isDdpm || isPndm || isDistilled ? "leading" : "linspace"),
            StepsOffset = (int)fields.Number("steps_offset", 0),
            SetAlphaToOne = fields.Flag("set_alpha_to_one", !isPndm),
            ClipSample = fields.Flag("clip_sample", isDdim || isDdpm),
            ClipSampleRange = fields.Number("clip_sample_range", 1),
            Thresholding = fields.Flag("thresholding", false),
            SkipPrkSteps = fields.Flag("skip_prk_steps", false),
            InterpolationType = fields.Text("interpolation_type", "linear"),
            TimestepType = fields.Text("timestep_type", "discrete"),
            UseKarrasSigmas = fields.Flag("use_karras_sigmas", false),
            UseExponentialSigmas = fields.Flag("use_exponential_sigmas", false),
            UseBetaSigmas = fields.Flag("use_beta_sigmas", false),
            UseLuLambdas = fields.Flag("use_lu_lambdas", false),
            SigmaMin = fields.OptionalNumber("sigma_min"),
            SigmaMax = fields.OptionalNumber("sigma_max"),
            FinalSigmasType = fields.Text("final_sigmas_type", "zero"),
            LambdaMinClipped = fields.Unbounded("lambda_min_clipped", double.NegativeInfinity),
            UseFlowSigmas = fields.Flag("use_flow_sigmas", false),
            AlgorithmType = fields.Text("algorithm_type", "dpmsolver++"),
            SolverOrder = (int)fields.Number("solver_order", 2),
            SolverType = fields.Text("solver_type", "midpoint"),
            PredictX0 = fields.Flag("predict_x0", true),
            // None at all is the default itself, by which two configs are told apart.
            DisableCorrector = fields.Numbers("disable_corrector") is { Count: > 0 } steps ? [.. steps.Select(step => (int)step)] : [],
            OriginalInferenceSteps = (int)fields.Number("original_inference_steps", 50),
            TimestepScaling = fields.Number("timestep_scaling", 10),
            LowerOrderFinal = fields.Flag("lower_order_final", className != "DPMSolverSinglestepScheduler"),
            EulerAtFinal = fields.Flag("euler_at_final", false),
            VarianceType = fields.Text("variance_type", "fixed_small"),
        }.Checked();
    }

    /// <summary>
    /// The same noise without <see cref="StoredAlphas"/>: as <see cref="TrainedBetas"/> where they are others than those of the β.
    /// </summary>
    public SchedulerConfig WithStoredAlphasAsBetas()
    {
        if (StoredAlphas is not { } stored) return this;
        var without = this with { StoredAlphas = null };
        double[] betas = BetaTable.Of(this, Plain);
        if (!BetaTable.IsOther(stored, BetaTable.CumulativeAlphas(betas, Plain))) return without;
        return without with { TrainedBetas = BetaTable.OfAlphas(stored), RescaleBetasZeroSnr = false };

        static double Plain(double value) => value;
    }

    /// <summary>This, if every value is in its range.</summary>
    /// <exception cref="LowrankException">Lists every value that is not.</exception>
    public SchedulerConfig Checked()
    {
        var faults = new List<string>(SolverFaults());
        if (TrainTimesteps is < 1 or > 100_000) faults.Add($"num_train_timesteps is {TrainTimesteps} (1 to 100000)");
        if (BetaSchedule is not ("linear" or "scaled_linear" or "squaredcos_cap_v2"))
            faults.Add($"beta_schedule is \"{BetaSchedule}\" (linear, scaled_linear, squaredcos_cap_v2)");
        foreach (var (name, beta) in new[] { ("beta_start", BetaStart), ("beta_end", BetaEnd) })
            if (!(beta is > 0 and < 1)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {beta:g} (between 0 and 1)"));
        if (TrainedBetas is { } betas && betas.Count != TrainTimesteps)
            faults.Add($"trained_betas has {betas.Count} values for {TrainTimesteps} timesteps");
        int spreads = new[] { UseKarrasSigmas, UseExponentialSigmas, UseBetaSigmas, UseLuLambdas }.Count(used => used);
        if (spreads > 1) faults.Add("more than one of use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas, use_lu_lambdas is set");
        if (faults.Count == 0) return this;
        throw new LowrankException($"The scheduler's settings are not usable: {string.Join("; ", faults)}.");
    }

    IEnumerable<string> SolverFaults()
    {
        if (SolverOrder is < 1 or > 9) yield return $"solver_order is {SolverOrder} (1 to 9)";
        bool isDistilled = ClassName is "LCMScheduler" or "TCDScheduler";
        if (isDistilled && (OriginalInferenceSteps < 1 || OriginalInferenceSteps > TrainTimesteps))
            yield return $"original_inference_steps is {OriginalInferenceSteps} (1 to {TrainTimesteps})";
    }
}
