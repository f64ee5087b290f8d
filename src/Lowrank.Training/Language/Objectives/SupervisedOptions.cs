namespace Lowrank.Training;

/// <summary>How texts that are given are learnt.</summary>
/// <param name="Dynamic">Whether each token is weighed by its probability, −p·log p with p held still (DFT, arXiv 2508.05629). Default
/// false: −log p.</param>
/// <param name="LabelSmoothing">Share of the vocabulary's mean in each token's loss, 0 to below 1. Default 0.</param>
/// <param name="AddedToCount">Added to the number of tokens that divides: 0, or 0.0001 in the LoRA paper's code. Default 0.</param>
public sealed record SupervisedOptions(bool Dynamic = false, double LabelSmoothing = 0, double AddedToCount = 0)
{
    /// <summary>Whether the mean entropy is told, which is one more look at every logit. Default true.</summary>
    public bool TellsEntropy { get; init; } = true;

    /// <summary>Throws one error that lists every fault.</summary>
    public void Check()
    {
        var faults = new ObjectiveFaults();
        faults.Range("label_smoothing", LabelSmoothing, NumberRange.ShareBelowOne);
        faults.Range("added_to_count", AddedToCount, NumberRange.AtLeast(0));
        faults.Where(Dynamic && LabelSmoothing > 0, "dft has no label smoothing: leave label_smoothing at 0, or take nll");
        faults.Throw("sft");
    }
}
