namespace Lowrank.Workbench;

/// <summary>The way in which the pictures of a request are drawn.</summary>
interface IPicturePipeline
{
    /// <summary>Most pictures of a batch.</summary>
    int Most { get; }

    /// <summary>Whether a picture can be drawn in the batch that another begins, and stay what it is.</summary>
    bool GoesWith(ReadPrompt one, ReadPrompt first);

    /// <summary>The text that a picture will have.</summary>
    string InfoText(ReadPrompt one);

    /// <summary>Draws a batch.</summary>
    /// <param name="batch">Its pictures.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancel">Looked at between steps.</param>
    IReadOnlyList<DrawnPicture> Draw(IReadOnlyList<ReadPrompt> batch, IProgress<SamplingProgress> progress, CancellationToken cancel);
}
