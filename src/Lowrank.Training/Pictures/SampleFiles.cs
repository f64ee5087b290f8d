using System.Globalization;

namespace Lowrank.Training;

/// <summary>Where the sample pictures of a run are.</summary>
public static class SampleFiles
{
    extension(TrainingFiles files)
    {
        /// <summary>A sample picture.</summary>
        /// <param name="step">Steps done.</param>
        /// <param name="prompt">Number of its prompt.</param>
        public string Sample(int step, int prompt) =>
            files.In(Path.Combine("samples", string.Create(CultureInfo.InvariantCulture, $"{files.After(step)}-{prompt:D2}.png")));
    }
}
