using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>What the demo's page says of its run, and what to try next.</summary>
static class DemoTexts
{
    /// <summary>Settings of the run: name and value.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings(
        TrainingRecipe recipe, TrainingStarted start, GenerateOptions pictures)
    {
        var (network, optimization) = (recipe.Network, recipe.Optimization);
        bool hasConvolutions = network.ConvRank > 0;
        string ranks = hasConvolutions ? $"rank {network.Rank}, convolutions rank {network.ConvRank}" : $"rank {network.Rank}";
        return
        [
            ("base model", "emoji-sd, a Stable Diffusion that draws emoji at 128x128"),
            ("training pictures", $"{start.Examples} ink drawings with captions"),
            ("trained", $"{Quantity.Count(start.Parameters)} parameters in {start.Targets} layers, {ranks}"),
            ("steps", $"{start.TotalSteps}, {optimization.BatchSize * optimization.Accumulation} pictures each"),
            ("learning rate", Quantity.Number(optimization.LearningRate)),
            ("computed in", PrecisionNames.Of(recipe.Computing.ToPrecision())),
            ("processor", $"{Processor.Current.Name}, {Environment.ProcessorCount} logical processors"),
            ("pictures", HowDrawn(pictures)),
        ];
    }

    static string HowDrawn(GenerateOptions pictures) =>
        string.Create(CultureInfo.InvariantCulture, $"{pictures.Sampler}, {pictures.Steps} steps, guidance {pictures.GuidanceScale}");

    /// <summary>Commands to try next: the line to type, and what it does.</summary>
    public static IReadOnlyList<(string Command, string Meaning)> Commands(string adapter, DemoFiles files, TrainingRecipe recipe)
    {
        string model = Path.GetRelativePath(Environment.CurrentDirectory, files.Model);
        string size = $"--width {recipe.Pictures.Width} --height {recipe.Pictures.Height}";
        string pace = $"--steps {recipe.Optimization.StepsOf(1)} --learning-rate {Quantity.Number(recipe.Optimization.LearningRate)}";
        return
        [
            ($"./lowrank generate \"cat face, ink style\" --adapter {adapter}:0.8 --guidance 4 --count 4 --grid",
                "Draw with what was learnt: any prompt, any strength."),
            ($"./lowrank inspect {adapter}",
                "See what is in the file. AUTOMATIC1111, ComfyUI, kohya's tools and diffusers read it too."),
            ($"./lowrank train --pictures my-pictures --model {model} {size} {pace} --name mine",
                "Train on a folder of your own pictures, with a .txt beside each that says what it shows."),
        ];
    }
}
