using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The samplers that the settings of a scheduler class of diffusers stand for, where they have many.</summary>
static class SchedulerSolvers
{
    // diffusers lowers the order of the last steps of a run shorter than this.
    const int FewSteps = 15;

    internal static Sampler Multistep(SchedulerConfig config, int steps, SamplerOptions options)
    {
        bool lowerAtTheEnd = config.LowerOrderFinal && steps < FewSteps;
        return new DpmMultistepSampler(config.SolverOrder, options.Eta ?? OwnEta(config), config.SolverType == "heun", options.NoiseScale)
        {
            FirstOrderLast = config.EulerAtFinal || lowerAtTheEnd,
            SecondOrderBeforeLast = lowerAtTheEnd,
            OverNoise = IsOverNoise(config),
            HalfTurned = config.AlgorithmType == "sde-dpmsolver++",
        };
    }

    internal static Sampler Singlestep(SchedulerConfig config, int steps, SamplerOptions options) =>
        new DpmSinglestepSampler(config.SolverOrder, options.Eta ?? OwnEta(config), config.SolverType == "heun", options.NoiseScale)
        {
            OverNoise = IsOverNoise(config),
            Orders = DpmSinglestepSampler.OrdersOf(config.SolverOrder, steps, config.LowerOrderFinal, config.FinalSigmasType == "zero"),
        };

    internal static Sampler UniPc(SchedulerConfig config, int steps, SamplerOptions options) =>
        new UniPcSampler(config.SolverOrder, config.SolverType == "bh1" ? UniPcVariant.Bh1 : UniPcVariant.Bh2)
        {
            OverNoise = !config.PredictX0,
            LowerOrderLast = config.LowerOrderFinal,
            Uncorrected = config.DisableCorrector,
        };

    internal static Sampler Deis(SchedulerConfig config, int steps, SamplerOptions options) =>
        new DeisMultistepSampler(config.SolverOrder) { LowerOrderLast = config.LowerOrderFinal && steps < FewSteps };

    static double OwnEta(SchedulerConfig config) => config.AlgorithmType.StartsWith("sde-", StringComparison.Ordinal) ? 1 : 0;

    static bool IsOverNoise(SchedulerConfig config) => config.AlgorithmType is "dpmsolver" or "sde-dpmsolver";
}
