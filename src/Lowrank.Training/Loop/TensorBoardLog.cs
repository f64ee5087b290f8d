namespace Lowrank.Training;

/// <summary>
/// Writes TensorBoard events: train/loss, train/average_loss, train/grad_norm, train/learning_rate (one for each group), and measures of
/// rules.
/// </summary>
public sealed class TensorBoardLog : ITrainingListener
{
    readonly TorchSharp.Modules.SummaryWriter writer;

    /// <summary>Begins a file of events.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="keepsEarlier">Whether files of the run's earlier part stay; else those of another run of that name go.</param>
    public TensorBoardLog(string folder, bool keepsEarlier)
    {
        if (!keepsEarlier && Directory.Exists(folder))
            foreach (var events in Directory.GetFiles(folder, "events.out.tfevents.*")) File.Delete(events);
        writer = utils.tensorboard.SummaryWriter(folder, createRunName: false);
    }

    /// <inheritdoc/>
    public void Stepped(TrainingStep step)
    {
        writer.add_scalar("train/loss", (float)step.Loss, step.Step);
        writer.add_scalar("train/average_loss", (float)step.AverageLoss, step.Step);
        writer.add_scalar("train/grad_norm", (float)step.GradientNorm, step.Step);
        for (int group = 0; group < step.LearningRates.Count; group++)
        {
            string name = group == 0 ? "train/learning_rate" : $"train/learning_rate_{group}";
            writer.add_scalar(name, (float)step.LearningRates[group], step.Step);
        }
        foreach (var (name, value) in step.Measures) writer.add_scalar(name, (float)value, step.Step);
    }
}
