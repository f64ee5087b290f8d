using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Models;

/// <summary>The loss of a classifier of rows, by what its labels are.</summary>
public static class LabelLoss
{
    /// <summary>
    /// The mean loss of scores (B, labels): squared differences for "regression", cross-entropy for "single_label_classification", binary
    /// cross-entropy of each label for "multi_label_classification".
    /// </summary>
    /// <param name="scores">What the model said.</param>
    /// <param name="labels">Ids (B), or numbers (B) or (B, labels).</param>
    /// <param name="problem">Which of the three; null has one label of all be a number, whole labels ids, others several at once.</param>
    /// <exception cref="LowrankException">A problem that is not one of these.</exception>
    public static Tensor Of(Tensor scores, Tensor labels, string? problem = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((problem ?? Guessed(scores, labels)) switch
        {
            "regression" => F.mse_loss(scores.reshape(-1), labels.reshape(-1).to(scores.dtype)),
            "single_label_classification" => F.cross_entropy(scores, labels.reshape(-1)),
            "multi_label_classification" => F.binary_cross_entropy_with_logits(scores, labels.to(scores.dtype)),
            var other => throw new LowrankException($"there is no problem \"{other}\"; there are regression, " +
                "single_label_classification and multi_label_classification."),
        });
    }

    static string Guessed(Tensor scores, Tensor labels)
    {
        if (scores.shape[^1] == 1) return "regression";
        return labels.is_floating_point() ? "multi_label_classification" : "single_label_classification";
    }
}
