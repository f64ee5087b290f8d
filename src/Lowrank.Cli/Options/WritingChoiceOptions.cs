namespace Lowrank.Cli;

/// <summary>The options that say how texts are written.</summary>
sealed class WritingChoiceOptions
{
    /// <summary>How tokens are chosen.</summary>
    public SettingList<WritingChoices> Choosing { get; } = new()
    {
        {
            new Option<bool>("--greedy", "-g")
            {
                Description = "take the likeliest token each time (what a model without a generation config does by itself)",
            },
            (choices, given) => choices with { Greedy = given }
        },
        {
            new Option<double?>("--temperature", "-t")
            {
                HelpName = "T",
                Description = "draw tokens by their probabilities, logits divided by T: 0 takes the likeliest, 1 is as trained",
            },
            (choices, given) => choices with { Temperature = given }
        },
        {
            new Option<int?>("--top-k") { HelpName = "N", Description = "draw from the N likeliest tokens; 0 for all" },
            (choices, given) => choices with { TopK = given }
        },
        {
            new Option<double?>("--top-p")
            {
                HelpName = "SHARE",
                Description = "draw from the likeliest tokens that hold this share of the probability, to 1",
            },
            (choices, given) => choices with { TopP = given }
        },
        {
            new Option<double?>("--min-p")
            {
                HelpName = "SHARE",
                Description = "draw from tokens with this share of the likeliest's probability",
            },
            (choices, given) => choices with { MinP = given }
        },
        {
            new Option<double?>("--typical-p")
            {
                HelpName = "SHARE",
                Description = "draw from the most typical tokens that hold this share",
            },
            (choices, given) => choices with { TypicalP = given }
        },
        {
            new Option<double?>("--epsilon-cutoff") { HelpName = "P", Description = "draw from tokens of at least this probability" },
            (choices, given) => choices with { EpsilonCutoff = given }
        },
        {
            new Option<double?>("--eta-cutoff") { HelpName = "P", Description = "the same with a bound that falls where many are likely" },
            (choices, given) => choices with { EtaCutoff = given }
        },
        {
            new Option<double?>("--repetition-penalty")
            {
                HelpName = "X",
                Description = "against tokens of prompt and text: above 1; 1 does nothing",
            },
            (choices, given) => choices with { RepetitionPenalty = given }
        },
        {
            new Option<double?>("--frequency-penalty")
            {
                HelpName = "X",
                Description = "taken from written tokens for each time they occur",
            },
            (choices, given) => choices with { FrequencyPenalty = given }
        },
        {
            new Option<double?>("--presence-penalty") { HelpName = "X", Description = "taken from written tokens once" },
            (choices, given) => choices with { PresencePenalty = given }
        },
        {
            new Option<int?>("--no-repeat-ngram") { HelpName = "N", Description = "runs of N tokens come once at most" },
            (choices, given) => choices with { NoRepeatNgram = given }
        },
        {
            new Option<long?>("--seed", "-s")
            {
                HelpName = "N",
                Description = "the draws' seed: the same writes the same, whatever else is written (default: one by chance, which is told)",
            },
            (choices, given) => choices with { Seed = given }
        },
        {
            new Option<int?>("--beams") { HelpName = "N", Description = "search for the likeliest text along N beams" },
            (choices, given) => choices with { Beams = given }
        },
        {
            new Option<double?>("--length-penalty")
            {
                HelpName = "X",
                Description = "of beams: above 0 long texts gain, below they lose (default: 1)",
            },
            (choices, given) => choices with { LengthPenalty = given }
        },
    };

    /// <summary>How llama.cpp chooses them.</summary>
    public SettingList<WritingChoices> Llama { get; } = new()
    {
        {
            new Option<bool>("--llama")
            {
                Description = "choose by llama.cpp's samplers, in its order and with its defaults (temperature 0.8, top-k 40, " +
                    "top-p 0.95, min-p 0.05), drawing as it does",
            },
            (choices, given) => choices with { LlamaCpp = given }
        },
        {
            new Option<double?>("--top-n-sigma")
            {
                HelpName = "X",
                Description = "of these: ban tokens more than X standard deviations below the likeliest",
            },
            (choices, given) => choices with { TopNSigma = given }
        },
        {
            new Option<double?>("--xtc-probability")
            {
                HelpName = "P",
                Description = "of these: how often the likeliest tokens are dropped",
            },
            (choices, given) => choices with { XtcProbability = given }
        },
        {
            new Option<double?>("--xtc-threshold") { HelpName = "P", Description = "of these: from which probability on (default: 0.1)" },
            (choices, given) => choices with { XtcThreshold = given }
        },
        {
            new Option<double?>("--dry-multiplier") { HelpName = "X", Description = "of these: against longer repetitions" },
            (choices, given) => choices with { DryMultiplier = given }
        },
        {
            new Option<int?>("--mirostat")
            {
                HelpName = "N",
                Description = "of these: 1 or 2 keeps the surprise of the text near a target",
            },
            (choices, given) => choices with { Mirostat = given }
        },
    };

    /// <summary>When texts end, and what they are held to.</summary>
    public SettingList<WritingChoices> Ending { get; } = new()
    {
        {
            new Option<int?>("--max-tokens", "--max-new-tokens", "-n")
            {
                HelpName = "N",
                Description = "tokens of a text at most (default: the generation config's, else 256)",
            },
            (choices, given) => choices with { MaxTokens = given }
        },
        {
            new Option<int?>("--min-tokens") { HelpName = "N", Description = "tokens before the text may end" },
            (choices, given) => choices with { MinTokens = given }
        },
        {
            new Option<double?>("--max-time") { HelpName = "SECONDS", Description = "after which the text ends" },
            (choices, given) => choices with { MaxTime = given }
        },
        {
            new Option<string[]>("--stop") { HelpName = "TEXT", Description = "end before this text; may be given several times" },
            (choices, given) => choices with { Stops = given ?? [] }
        },
        {
            new Option<bool>("--ignore-end") { Description = "go on behind end tokens" },
            (choices, given) => choices with { IgnoreEnd = given }
        },
        {
            new Option<bool>("--show-control") { Description = "show control tokens" },
            (choices, given) => choices with { ShowControl = given }
        },
        {
            new Option<string>("--grammar")
            {
                HelpName = "FILE",
                Description = "hold the text to a grammar, as llama.cpp writes them (GBNF)",
            },
            (choices, given) => choices with { Grammar = given }
        },
        {
            new Option<string>("--schema") { HelpName = "FILE|JSON", Description = "hold the text to a JSON schema" },
            (choices, given) => choices with { Schema = given }
        },
    };

    /// <summary>What was typed.</summary>
    public WritingChoices Of(ParseResult result) =>
        Ending.Typed(Llama.Typed(Choosing.Typed(new WritingChoices(), result), result), result);
}
