using System.Globalization;

namespace Lowrank.Training;

/// <summary>Texts that a run writes on the way: the likeliest ones, so that two steps can be compared.</summary>
/// <param name="recipe">When, and after which prompts.</param>
/// <param name="model">What writes.</param>
/// <param name="listener">Told of every file.</param>
/// <param name="cancel">Stops the writing.</param>
/// <param name="train">Puts what is trained in or out of training.</param>
sealed class SampleTexts(
    TrainingRecipe recipe, LanguageModel model, ITrainingListener listener, Action<bool> train, CancellationToken cancel)
{
    readonly TrainingFiles files = new(recipe.Saving);

    /// <summary>Writes them, if they are due after this step.</summary>
    public void Make(int step)
    {
        var section = recipe.Language;
        if (section.SampleEvery == 0 || section.SamplePrompts.Count == 0 || step % section.SampleEvery != 0) return;
        train(false);
        try
        {
            var texts = RandomState.Preserve(() => Write(section));
            for (int i = 0; i < texts.Count; i++) Save(FileOf(step, i), $"{section.SamplePrompts[i]}\n\n{texts[i].Text}\n");
        }
        finally
        {
            train(true);
        }
    }

    string FileOf(int step, int prompt) =>
        files.In(Path.Combine("samples", string.Create(CultureInfo.InvariantCulture, $"{files.After(step)}-{prompt:D2}.txt")));

    IReadOnlyList<GeneratedText> Write(LanguageSection section)
    {
        var options = new GenerationOptions().AtMost(section.SampleTokens);
        var requests = section.SamplePrompts.Select(prompt => new GenerationRequest(Tokens(prompt), options));
        return model.GenerateAll([.. requests], cancel: cancel);
    }

    IReadOnlyList<int> Tokens(string prompt) => model.Template is null ? model.Prompt(prompt) : model.Chat(prompt);

    // A text on the way is worth less than the run.
    void Save(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            listener.Warned($"the sample text {path} could not be written: {error.Message} The run goes on.");
            return;
        }
        listener.Saved(path);
    }
}
