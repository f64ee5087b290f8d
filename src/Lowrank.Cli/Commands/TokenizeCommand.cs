using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Shows the tokens of a text, or the text of tokens.</summary>
sealed class TokenizeCommand : HelpfulCommand
{
    readonly Argument<string[]> texts = new("text")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = $"the texts; {TypedTexts.Told}. With --decode the ids",
    };

    readonly Option<string> model = new("--model", "--base-model", "-m")
    {
        HelpName = "FOLDER|FILE",
        Required = true,
        Description = "the model, or its tokenizer: a folder, one of a tokenizer's files, or GGUF",
    };

    readonly Option<bool> decode = new("--decode", "-d") { Description = "the text of ids, in place of the ids of a text" };
    readonly Option<bool> chat = new("--chat", "-c") { Description = "the tokens of a message, as the model's chat template writes it" };
    readonly Option<string> system = new("--system") { HelpName = "TEXT", Description = "what the system says before the message" };

    readonly Option<bool> plain = new("--plain")
    {
        Description = "add no begin or end token, and take control tokens in the text for text",
    };

    readonly Option<bool> ids = new("--ids") { Description = "print the ids alone, a text a line" };
    readonly JsonOption json = new("print ids, tokens and where in the text each stands as JSON");

    public TokenizeCommand() : base("tokenize", "Shows the tokens that a model makes of a text, one a line, and how many there are.")
    {
        Add(texts);
        foreach (var option in (Option[])[model, decode, chat, system, plain, ids, json]) Add(option);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("tokenize \"The capital of France is\" -m models/smollm2", "ids and tokens"),
        new("tokenize \"What is gravity?\" -m models/smollm2 --chat", "with what the chat template writes around it"),
        new("tokenize 504 3575 282 -m models/smollm2 --decode", "and back"),
        new("tokenize - -m models/smollm2 --ids < story.txt", "for a program"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        string? idle = !result.GetValue(ids) ? null
            : result.GetValue(decode) ? "--decode prints a text" : result.IsGiven(json) ? "--json holds them beside the tokens" : null;
        if (idle is not null) throw new UsageException($"--ids prints ids alone, and {idle}. Leave one out.");
        var request = new TokenizingRequest(result.GetRequiredValue(model), TypedTexts.Of(result.GetValue(texts)))
        {
            Decode = result.GetValue(decode),
            Chat = result.GetValue(chat),
            System = result.GetValue(system),
            Plain = result.GetValue(plain),
        };
        var report = new TokenizingJob().Run(request, new WritingView(streams: false), cancel);
        json.Show(result, report, (shown, _) => Show(shown, request.Decode, result.GetValue(ids)));
        return ExitCode.Success;
    }

    static void Show(TokenizingReport report, bool isText, bool idsAlone)
    {
        foreach (var text in report.Texts)
        {
            if (isText) Console.WriteLine(Console.IsOutputRedirected ? text.Text : Terminal.Shown(text.Text));
            else if (idsAlone) Console.WriteLine(string.Join(' ', text.Tokens.Select(token => token.Id)));
            else
                foreach (var token in text.Tokens) Console.WriteLine($"{token.Id,7}  {Terminal.Shown(token.Token)}");
            if (!isText && !idsAlone) Console.Error.WriteLine(Listing.Count(text.Tokens.Count, "token"));
        }
    }
}
