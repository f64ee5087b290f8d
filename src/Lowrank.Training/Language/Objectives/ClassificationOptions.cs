namespace Lowrank.Training;

/// <summary>How classes are learnt.</summary>
public sealed record ClassificationOptions
{
    /// <summary>A weight of each class, 0 or more; the mean divides by the weights of the batch's labels. None: 1 each.</summary>
    public IReadOnlyList<double> ClassWeights { get; init; } = [];

    /// <summary>Share of the classes' mean in each loss, 0 to below 1. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Throws one error that lists every fault.</summary>
    public void Check()
    {
        var faults = new ObjectiveFaults();
        foreach (double weight in ClassWeights) faults.Range("class_weights", weight, NumberRange.AtLeast(0));
        faults.Where(ClassWeights.Count > 0 && ClassWeights.All(weight => weight == 0), "all class_weights are 0");
        faults.Range("label_smoothing", LabelSmoothing, NumberRange.ShareBelowOne);
        faults.Throw("classification");
    }
}
