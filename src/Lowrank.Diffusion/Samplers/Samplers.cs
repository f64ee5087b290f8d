using System.Diagnostics.CodeAnalysis;
using static Lowrank.Diffusion.SamplerSettings;

namespace Lowrank.Diffusion;

/// <summary>The samplers there are.</summary>
public static class Samplers
{
    static readonly NamedList<SamplerDescriptor> list = new("sampler", NamesOf,
    [
        new("euler", "Euler", "uniform", o => new EulerSampler(o.OwnChurn))
        {
            Scheduler = "EulerDiscreteScheduler", Heeds = SamplerSettings.Churn | NoiseScale,
        },
        new("euler_a", "Euler a", "uniform", o => new EulerAncestralSampler(o.Eta ?? 1, o.NoiseScale))
        {
            Scheduler = "EulerAncestralDiscreteScheduler", IsStochastic = true, Heeds = FreshNoise,
        },
        new("heun", "Heun", "uniform", o => new HeunSampler(o.OwnChurn))
        {
            Scheduler = "HeunDiscreteScheduler", Order = 2, CallsPerStep = 2, Heeds = SamplerSettings.Churn | NoiseScale,
        },
        new("lms", "LMS", "uniform",
            o => new LmsSampler(o.OrderUpTo(4)) { EndsAtEstimate = o.Manner == SamplerManner.ComfyUi })
        {
            Scheduler = "LMSDiscreteScheduler", Order = 4, Heeds = SamplerSettings.Order,
        },
        new("ddim", "DDIM", "timesteps", o => new DdimSampler(o.Eta ?? 0)) { Scheduler = "DDIMScheduler", Heeds = Eta },
        new("ddim_cfg++", "DDIM CFG++", "timesteps", o => new DdimCfgPpSampler(o.Eta ?? 0)) { Heeds = Eta },
        new("ddpm", "DDPM", "timesteps", _ => new DdpmSampler()) { Scheduler = "DDPMScheduler", IsStochastic = true },
        new("pndm", "PLMS", "pndm_timesteps", _ => new PndmSampler()) { Scheduler = "PNDMScheduler", Order = 4 },
        new("dpm2", "DPM2", "karras", o => new Dpm2Sampler(o.OwnChurn))
        {
            Scheduler = "KDPM2DiscreteScheduler", Order = 2, CallsPerStep = 2, Heeds = SamplerSettings.Churn | NoiseScale,
        },
        new("dpm2_a", "DPM2 a", "karras", o => new Dpm2AncestralSampler(o.Eta ?? 1, o.NoiseScale))
        {
            Scheduler = "KDPM2AncestralDiscreteScheduler", Order = 2, CallsPerStep = 2, IsStochastic = true, Heeds = FreshNoise,
        },
        new("dpm++2s_a", "DPM++ 2S a", "karras", o => new Dpmpp2sAncestralSampler(o.Eta ?? 1, o.NoiseScale))
        {
            Order = 2, CallsPerStep = 2, IsStochastic = true, Heeds = FreshNoise,
        },
        new("dpm++2s", "DPM++ 2S", "karras", o => new DpmSinglestepSampler(o.OrderUpTo(3, usual: 2), o.Eta ?? 0, noiseScale: o.NoiseScale))
        {
            Scheduler = "DPMSolverSinglestepScheduler", Order = 2, Heeds = FreshNoise | SamplerSettings.Order,
        },
        new("dpm++2m", "DPM++ 2M", "karras", o => new DpmMultistepSampler(2, o.Eta ?? 0, noiseScale: o.NoiseScale))
        {
            Scheduler = "DPMSolverMultistepScheduler", Order = 2, Heeds = FreshNoise,
        },
        new("dpm++sde", "DPM++ SDE", "karras",
            o => new DpmppSdeSampler(o.Eta ?? 1, o.NoiseScale, o.MidpointOrHalf) { DrawsBrownian = true })
        {
            Scheduler = "DPMSolverSDEScheduler", Order = 2, CallsPerStep = 2, IsStochastic = true, DrawsFromTree = true,
            Heeds = FreshNoise | Midpoint,
        },
        new("dpm++2m_sde", "DPM++ 2M SDE", "exponential", o => Stochastic(2, o))
        {
            Order = 2, IsStochastic = true, DrawsFromTree = true, Heeds = FreshNoise,
        },
        new("dpm++2m_sde_heun", "DPM++ 2M SDE Heun", "exponential", o => Stochastic(2, o, heun: true))
        {
            Order = 2, IsStochastic = true, DrawsFromTree = true, Heeds = FreshNoise,
        },
        new("dpm++3m_sde", "DPM++ 3M SDE", "exponential", o => Stochastic(3, o, heun: true))
        {
            Order = 3, IsStochastic = true, DrawsFromTree = true, Heeds = FreshNoise,
        },
        new("unipc", "UniPC", "unipc_time_uniform", o => UniPc(o, UniPcVariant.Bh1))
        {
            Scheduler = "UniPCMultistepScheduler", Order = 3, Heeds = SamplerSettings.Order,
        },
        new("unipc_bh2", "UniPC bh2", "unipc_time_uniform", o => UniPc(o, UniPcVariant.Bh2)) { Order = 3, Heeds = SamplerSettings.Order },
        new("dpm_fast", "DPM fast", "uniform", o => new DpmFastSampler(o.Eta ?? 0, o.NoiseScale)) { Order = 3, Heeds = FreshNoise },
        new("dpm_adaptive", "DPM adaptive", "uniform", o => new DpmAdaptiveSampler(Adaptive(o)))
        {
            Order = 3, CallsPerStep = 0, Heeds = FreshNoise | Tolerance,
        },
        new("restart", "Restart", "karras", o => new RestartSampler(o.NoiseScale))
        {
            Order = 2, CallsPerStep = 2, IsStochastic = true, Heeds = NoiseScale,
        },
        new("lcm", "LCM", "lcm_uniform",
            o => new LcmSampler(o.NoiseScale) { AsksAtDistilledTimesteps = o.Manner == SamplerManner.WebUi })
        {
            Scheduler = "LCMScheduler", IsStochastic = true, IsForDistilled = true, Heeds = NoiseScale,
        },
        new("tcd", "TCD", "lcm_uniform", o => new TcdSampler(o.Eta ?? TcdSampler.UsualEta, o.NoiseScale))
        {
            Scheduler = "TCDScheduler", IsStochastic = true, IsForDistilled = true, Heeds = FreshNoise,
        },
        new("euler_cfg++", "Euler CFG++", "normal", o => new EulerCfgPpSampler(o.Eta ?? 0, o.NoiseScale)) { Heeds = FreshNoise },
        new("euler_a_cfg++", "Euler a CFG++", "normal", o => new EulerCfgPpSampler(o.Eta ?? 1, o.NoiseScale))
        {
            IsStochastic = true, Heeds = FreshNoise,
        },
        new("dpm++2m_cfg++", "DPM++ 2M CFG++", "karras", _ => new Dpmpp2mCfgPpSampler()) { Order = 2 },
        new("dpm++2s_a_cfg++", "DPM++ 2S a CFG++", "karras", o => new Dpmpp2sAncestralCfgPpSampler(o.Eta ?? 1, o.NoiseScale))
        {
            Order = 2, CallsPerStep = 2, IsStochastic = true, Heeds = FreshNoise,
        },
        new("heun++2", "Heun++ 2", "normal", _ => new HeunPpSampler()) { Order = 2, CallsPerStep = 3 },
        new("exp_heun_2", "Exponential Heun 2", "normal", _ => new Seeds2Sampler(0, 0, 1) { SecondPhi = true })
        {
            Order = 2, CallsPerStep = 2,
        },
        new("exp_heun_2_sde", "Exponential Heun 2 SDE", "normal",
            o => new Seeds2Sampler(o.Eta ?? 1, o.NoiseScale, 1) { SecondPhi = true })
        {
            Order = 2, CallsPerStep = 2, IsStochastic = true, Heeds = FreshNoise,
        },
        new("ipndm", "iPNDM", "normal", o => new AdamsBashforthSampler(o.OrderUpTo(4))) { Order = 4, Heeds = SamplerSettings.Order },
        new("ipndm_v", "iPNDM variable", "normal", o => new VariableAdamsBashforthSampler(o.OrderUpTo(4)))
        {
            Order = 4, Heeds = SamplerSettings.Order,
        },
        new("deis", "DEIS", "normal", o => new TabulatedDeisSampler(o.OrderUpTo(4, usual: 3)))
        {
            Scheduler = "DEISMultistepScheduler", Order = 3, Heeds = SamplerSettings.Order,
        },
        new("res_multistep", "RES multistep", "normal", o => ResMultistep(o, 0))
        {
            Order = 2, Heeds = FreshNoise,
        },
        new("res_multistep_a", "RES multistep a", "normal", o => ResMultistep(o, 1))
        {
            Order = 2, IsStochastic = true, Heeds = FreshNoise,
        },
        new("res_multistep_cfg++", "RES multistep CFG++", "normal", o => ResMultistep(o, 0, cfgPp: true))
        {
            Order = 2, Heeds = FreshNoise,
        },
        new("res_multistep_a_cfg++", "RES multistep a CFG++", "normal", o => ResMultistep(o, 1, cfgPp: true))
        {
            Order = 2, IsStochastic = true, Heeds = FreshNoise,
        },
        new("gradient_estimation", "Gradient estimation", "normal", o => new GradientEstimationSampler(o.Gamma ?? 2)) { Heeds = Gamma },
        new("gradient_estimation_cfg++", "Gradient estimation CFG++", "normal",
            o => new GradientEstimationSampler(o.Gamma ?? 2, cfgPp: true)) { Heeds = Gamma },
        new("er_sde", "ER-SDE", "normal", o => new ErSdeSampler(o.OrderUpTo(3), o.NoiseScale))
        {
            Order = 3, IsStochastic = true, Heeds = NoiseScale | SamplerSettings.Order,
        },
        new("seeds_2", "SEEDS-2", "normal", o => new Seeds2Sampler(o.Eta ?? 1, o.NoiseScale, o.MidpointOrHalf))
        {
            Order = 2, CallsPerStep = 2, IsStochastic = true, Heeds = FreshNoise | Midpoint,
        },
        new("seeds_3", "SEEDS-3", "normal", o => new Seeds3Sampler(o.Eta ?? 1, o.NoiseScale))
        {
            Order = 3, CallsPerStep = 3, IsStochastic = true, Heeds = FreshNoise,
        },
        new("sa_solver", "SA-Solver", "normal", o => new SaSolverSampler(new() { Eta = o.Eta ?? 1, NoiseScale = o.NoiseScale }))
        {
            Order = 3, IsStochastic = true, Heeds = FreshNoise,
        },
        new("sa_solver_pece", "SA-Solver PECE", "normal",
            o => new SaSolverSampler(new() { Eta = o.Eta ?? 1, NoiseScale = o.NoiseScale, EvaluatesCorrected = true }))
        {
            Order = 3, CallsPerStep = 2, IsStochastic = true, Heeds = FreshNoise,
        },
    ]);

    /// <summary>Each with its names, its schedule and its factory.</summary>
    public static IReadOnlyList<SamplerDescriptor> All => list.All;

    /// <summary>Adds a sampler, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(SamplerDescriptor sampler) => list.Add(sampler);

    /// <summary>
    /// The sampler of that name or label: ours, AUTOMATIC1111's, ComfyUI's or diffusers' (but "ddim", which is Euler in ComfyUI).
    /// </summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static SamplerDescriptor Named(string name) => list.Named(name);

    /// <summary>The sampler of that name or label, or none.</summary>
    public static bool TryNamed(string name, [MaybeNullWhen(false)] out SamplerDescriptor sampler) => list.TryNamed(name, out sampler);

    static IEnumerable<string> NamesOf(SamplerDescriptor sampler)
    {
        string[] own = [sampler.Name, sampler.Label, .. sampler.OtherNames];
        string[] scheduler = sampler.Scheduler is { } name ? [name] : [];
        return [.. own, .. scheduler, .. WebUiSamplers.AliasesOf(sampler.Name), .. sampler.ComfyNames.Where(one => one != "ddim")];
    }

    static DpmMultistepSampler Stochastic(int order, SamplerOptions options, bool heun = false) =>
        new(order, options.Eta ?? 1, heun, options.NoiseScale) { DrawsBrownian = true };

    static UniPcSampler UniPc(SamplerOptions options, UniPcVariant usual) =>
        new(options.OrderUpTo(9, usual: 3), options.UniPc.Variant ?? usual)
        {
            LowerOrderLast = options.UniPc.LowerOrderLast,
            CorrectsWithinSteps = true,
            Floor = options.Manner == SamplerManner.ComfyUi ? UniPcSampler.ComfyFloor : null,
        };

    static ResMultistepSampler ResMultistep(SamplerOptions options, double usualEta, bool cfgPp = false) =>
        new(options.Eta ?? usualEta, options.NoiseScale, cfgPp) { DrawsAlways = options.Manner == SamplerManner.ComfyUi };

    static DpmAdaptiveOptions Adaptive(SamplerOptions options) =>
        options.Adaptive with { Eta = options.Eta ?? options.Adaptive.Eta, NoiseScale = options.NoiseScale };
}
