using Lowrank.Diffusion;

namespace Lowrank.Bench;

/// <summary>A guider that takes the time of the network's answers.</summary>
/// <param name="inner">The guider that asks.</param>
sealed class TimedGuider(Guider inner) : Guider
{
    readonly System.Diagnostics.Stopwatch clock = new();

    /// <summary>Seconds of all answers since the last reset.</summary>
    public double Asked { get; private set; }

    /// <summary>Seconds from the reset to the first question.</summary>
    public double FirstAsked { get; private set; }

    public override bool AsksNegative => inner.AsksNegative;

    public override NetworkAnswer Answer(
        Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told)
    {
        return inner.Answer(Timed, x, level, told);

        Tensor Timed(Tensor samples, NetworkCondition condition)
        {
            double begun = clock.Elapsed.TotalSeconds;
            if (FirstAsked == 0) FirstAsked = begun;
            var answer = ask(samples, condition);
            Asked += clock.Elapsed.TotalSeconds - begun;
            return answer;
        }
    }

    public void Reset()
    {
        (Asked, FirstAsked) = (0, 0);
        clock.Restart();
    }
}
