using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>One walk of a sampler from a start to its end, of parts each of which can be another.</summary>
public sealed record SamplingPass
{
    /// <summary>The solver.</summary>
    public required Sampler Sampler { get; init; }

    /// <summary>The levels it visits.</summary>
    public required SamplingPlan Plan { get; init; }

    /// <summary>The network that is asked.</summary>
    public required DenoisingNetwork Network { get; init; }

    /// <summary>What its answers mean.</summary>
    public required PredictionType Prediction { get; init; }

    /// <summary>How it is asked.</summary>
    public required Guider Guider { get; init; }

    /// <summary>What it is told in each evaluation, counted from 0.</summary>
    public required StepTimeline<PromptConditions> Told { get; init; }

    /// <summary>The same by the step from which on text encoders say it so; null where they are the same throughout.</summary>
    public StepTimeline<StepTimeline<PromptConditions>>? ToldInTurn { get; init; }

    /// <summary>Fresh noise on the way.</summary>
    public required INoise Noise { get; init; }

    /// <summary>What holds a part of the picture as it is; null for none.</summary>
    public LatentMixing? Mixing { get; init; }

    /// <summary>What is done otherwise inside of networks; null for nothing.</summary>
    public UNetChanges? Changes { get; init; }

    /// <summary>Strength of guidance by perturbed attention beside the guider; 0 for none.</summary>
    public double PerturbedScale { get; init; }

    /// <summary>What takes over on the way; null for nothing.</summary>
    public Refinement? Refinement { get; init; }

    /// <summary>
    /// Told the step, from 0, its level and the clean estimate, for every answer that is read in it; in the step's scope.
    /// </summary>
    public Action<int, NoiseLevel, Tensor>? Predicted { get; init; }

    /// <summary>Told the step that begins, from 0, and of how many, before the network is asked in it.</summary>
    public Action<int, int>? BeforeStep { get; init; }

    /// <summary>Told the steps done and the sample after them; in the run's scope.</summary>
    public Action<int, Tensor>? AfterStep { get; init; }

    /// <summary>The sample at the end; the caller's.</summary>
    /// <param name="start">The sample at the plan's first level; left as it is.</param>
    /// <param name="cancel">Looked at before every step, and within between the network's layers.</param>
    public Tensor Run(Tensor start, CancellationToken cancel = default)
    {
        int step = 0, evaluations = 0;
        bool refines = false;
        var denoiser = new Denoiser(Answer, Prediction, Plan.Clip)
        {
            Mixing = Mixing,
            Watch = (level, clean) => Predicted?.Invoke(step, level, clean),
        };
        BeforeStep?.Invoke(0, Plan.Steps.Count);
        using var stop = StopSign.Watch(cancel);
        return Sampler.Run(denoiser, Plan, start, Noise, Done, cancel);

        NetworkAnswer Answer(Tensor x, NoiseLevel level)
        {
            // Once taken over, it stays so: a sampler may go up again.
            refines = refines || Refinement is { } refinement && refinement.TakesOver(level, evaluations);
            var (network, told) = refines
                ? (Refinement!.Network, Refinement.ToldInTurn?.At(step) ?? Refinement.Told)
                : (Network, ToldInTurn?.At(step) ?? Told);
            var now = told.At(evaluations++);
            var answer = Guider.Answer((samples, condition) => network.Ask(samples, level, condition, Changes), x, level, now);
            return PerturbedScale == 0 ? answer : Perturbed(answer, network, x, level, now);
        }

        // Clean estimates are linear in answers, so that it is the same on these.
        NetworkAnswer Perturbed(NetworkAnswer answer, DenoisingNetwork network, Tensor x, NoiseLevel level, PromptConditions now)
        {
            if (now.SaysNothing) return answer;
            var changes = (Changes ?? new()) with { MiddleSelfAttention = PerturbedAttention.Identity };
            var parts = network.Ask(now.RowsOf(x), level, now.Positive, changes);
            var perturbed = now.Compose(answer.Negative ?? answer.Positive, parts);
            return answer with { Guided = PerturbedAttention.Combine(answer.Guided, answer.Positive, perturbed, PerturbedScale) };
        }

        void Done(int finished, Tensor x)
        {
            step = finished + 1;
            AfterStep?.Invoke(step, x);
            BeforeStep?.Invoke(step, Plan.Steps.Count);
        }
    }
}
