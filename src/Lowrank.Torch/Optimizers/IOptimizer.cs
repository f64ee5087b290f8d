using System.Globalization;

namespace Lowrank;

/// <summary>
/// Parameters that share a learning rate. <see cref="LearningRate"/> is set anew before each step by whoever holds the schedule.
/// </summary>
public sealed class ParameterGroup(IReadOnlyList<Tensor> parameters, double learningRate)
{
    /// <summary>The trained leaves.</summary>
    public IReadOnlyList<Tensor> Parameters { get; } = parameters ?? throw new ArgumentNullException(nameof(parameters));

    /// <summary>The rate of the next step.</summary>
    /// <exception cref="LowrankException">It is set to what is no finite number of 0 or more.</exception>
    public double LearningRate { get; set => field = Checked(value); } = Checked(learningRate);

    static double Checked(double rate) => double.IsFinite(rate) && rate >= 0
        ? rate
        : throw new LowrankException(
            string.Create(CultureInfo.InvariantCulture, $"the learning rate {rate} is no finite number of 0 or more"));

    /// <summary>Whether weight decay acts on them.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>What weight decay draws them to. Default 0.</summary>
    public double DecaysToward { get; init; }
}

/// <summary>A rule that moves parameters along their gradients.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>The parameters, in groups.</summary>
    IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Moves every parameter that has a gradient, or none where a backward pass failed.</summary>
    /// <exception cref="LowrankException">What went wrong in the backward pass, as a <see cref="BackwardWatch"/> heard of it: an exception
    /// inside libtorch's backward would end the process, and is kept for here; or no parameter has a gradient, and why
    /// (<see cref="TrainedParts"/>).</exception>
    void Step();

    /// <summary>Forgets the gradients.</summary>
    void ZeroGrad();

    /// <summary>
    /// Brings parameters to what was learnt (false), where that is another thing than where they train: files, samples and validation want
    /// it. To train (true) brings them back, bit for bit; a step does so itself.
    /// </summary>
    void Train(bool isTraining) { }

    /// <summary>
    /// Every tensor of the state, made if it does not exist yet, under its parameter's name (<see cref="ParameterNames"/>) and its own:
    /// written out to save, <c>copy_</c>-ed into to restore. <see cref="OptimizerMemory"/> does both.
    /// </summary>
    IEnumerable<(string Name, Tensor Value)> StateTensors();
}
