using Lowrank.Training;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>A task whose losses are written down, batch by batch.</summary>
sealed class ShownLosses(ITrainingTask task) : ITrainingTask
{
    public int BatchesPerEpoch => task.BatchesPerEpoch;

    public List<double> Losses { get; } = [];

    public List<IReadOnlyDictionary<string, double>> Measures { get; } = [];

    public Tensor Loss(long number)
    {
        var loss = task.Loss(number);
        Losses.Add(loss.ToDouble());
        return loss;
    }

    public IReadOnlyDictionary<string, double> TakeMeasures()
    {
        Measures.Add(task.TakeMeasures());
        return Measures[^1];
    }
}
