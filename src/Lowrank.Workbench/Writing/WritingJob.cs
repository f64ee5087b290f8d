using System.Diagnostics;
using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Writes texts with a language model and any number of adapters; stopped, it keeps what is written.</summary>
public sealed class WritingJob : Job<WritingRequest, WritingReport>
{
    /// <inheritdoc/>
    protected override WritingReport Work(WritingRequest request, JobRun run)
    {
        List<string> prompts = [.. request.Prompts];
        var lines = request.PromptsFile is { } file ? WritingPrompts.Read(file, run) : [];
        prompts.AddRange(lines.Select(line => line.Text));
        using var loaded = WritingModel.Load(request.Model, run);
        var model = loaded.Model;
        var options = Options(request.Choices, model, run);
        var asked = prompts.ConvertAll(prompt => new GenerationRequest(
            request.Chat ? model.Chat(prompt, request.System) : model.Prompt(prompt), options));
        CheckAll(asked, model, LineOf);
        foreach (string note in request.Model.Unused().Concat(request.Chat ? loaded.TemplateNotes : [])) run.Say(note);
        if (request.Chat) TellTemplate(prompts, asked, request.System, model, run);
        else TellBegins(prompts, asked, model, run);
        foreach (string idle in Invocations.Absent(model, asked.ConvertAll(request => request.Prompt))) run.Say(idle);
        long begun = Stopwatch.GetTimestamp();
        var texts = Written(prompts, asked, request.Batch, model, run);
        TellEnds(texts, request.Choices, model, run);
        return new(request.Model.Path, texts, Stopwatch.GetElapsedTime(begun).TotalSeconds) { Asked = asked.Count };

        // Typed ones stand first.
        string LineOf(int at) =>
            at < request.Prompts.Count ? "" : $" (line {lines[at - request.Prompts.Count].Line} of {request.PromptsFile})";
    }

    // Before the first is written, and with its place among the others.
    static void CheckAll(List<GenerationRequest> asked, LanguageModel model, Func<int, string> lineOf)
    {
        foreach (var (at, request) in asked.Index())
            try
            {
                model.Check(request);
            }
            catch (LowrankException error) when (asked.Count > 1)
            {
                throw new LowrankException($"prompt {at + 1} of {asked.Count}{lineOf(at)}: {error.Message}", error);
            }
    }

    static void TellTemplate(List<string> prompts, List<GenerationRequest> asked, string? system, LanguageModel model, JobRun run)
    {
        foreach (string note in TemplateNotes.Idle(model.Template)) run.Say(note);
        foreach (string note in asked.SelectMany(one => TemplateNotes.Begins(one.Prompt, model.Tokenizer)).Distinct()) run.Say(note);
        var omissions = prompts.SelectMany(prompt => TemplateOmissions.Of(Rendered(prompt), prompt, system));
        foreach (string omission in omissions.Distinct()) run.Say(omission);

        string Rendered(string prompt) =>
            model.Template!.Render(Conversation.Of(prompt, system), new() { AddGenerationPrompt = true }).Text;
    }

    // A begin token that a prompt brings along is left out where the tokenizer adds one.
    static void TellBegins(List<string> prompts, List<GenerationRequest> asked, LanguageModel model, JobRun run)
    {
        int count = prompts.Index().Count(one => model.Tokenizer.Encode(one.Item).Ids.Count > asked[one.Index].Prompt.Count);
        string which = prompts.Count == 1 ? "The prompt brings" : $"{count} of {prompts.Count} prompts {(count == 1 ? "brings" : "bring")}";
        if (count > 0) run.Say($"{which} the begin token along; it stands once.");
    }

    /// <summary>How a model is to write.</summary>
    /// <exception cref="RequestException">An option cannot be.</exception>
    internal static GenerationOptions Options(WritingChoices choices, LanguageModel model, JobRun run)
    {
        var options = choices.On(model.Defaults, run);
        foreach (string idle in choices.Idle(options)) run.Say(idle);
        try
        {
            options.Check();
        }
        catch (LowrankException fault)
        {
            throw new RequestException(fault.Message);
        }
        return options;
    }

    static List<WrittenText> Written(
        List<string> prompts, List<GenerationRequest> asked, int batch, LanguageModel model, JobRun run)
    {
        var stage = asked.Count > batch ? run.Begin("texts", asked.Count) : null;
        var texts = new List<WrittenText>();
        foreach (var chunk in asked.Chunk(batch))
        {
            if (run.Cancel.IsCancellationRequested) break;
            int first = texts.Count;
            var listener = new Reported<GeneratedPiece>(piece => run.Tell(new WrittenPiece(first + piece.Row, piece.Text)));
            var written = model.GenerateAll(chunk, listener: listener, cancel: run.Cancel);
            texts.AddRange(written.Select((text, row) => Told(prompts[first + row], text)));
            stage?.Report(texts.Count);
        }
        stage?.Done();
        return texts;
    }

    static WrittenText Told(string prompt, GeneratedText text) => new(
        prompt, text.Text, text.Finish, text.PromptTokens, text.Ids.Count, text.Ids, text.Stop, text.Seed, text.Score);

    // Why texts ended otherwise than the model would have had it.
    static void TellEnds(List<WrittenText> texts, WritingChoices choices, LanguageModel model, JobRun run)
    {
        foreach (string stop in choices.Stops.Where(stop => stop.Length > 0 && texts.All(text => text.Stop != stop)))
            run.Say($"The stop string \"{stop}\" was never met.");
        Tell(FinishReason.MaxTokens, count => $"{count} after as many tokens as were asked for at most (`max tokens`).");
        Tell(FinishReason.ContextFull, count => $"{count} where prompt and text fill the model's {model.ContextLength} tokens.");
        Tell(FinishReason.MaxTime, count => $"{count} as the time was over (`max time`).");
        var seeds = texts.Select(text => text.Seed).OfType<long>().Distinct().ToList();
        if (seeds.Count == 1 && choices.Seed is null) run.Say($"The seed was {seeds[0]}.");

        void Tell(FinishReason reason, Func<string, string> sentence)
        {
            int count = texts.Count(text => text.Finish == reason);
            if (count > 0) run.Say(sentence(texts.Count == 1 ? "The text ended" : $"{count} of {texts.Count} texts ended"));
        }
    }
}
