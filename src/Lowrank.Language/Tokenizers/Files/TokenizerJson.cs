using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Reads tokenizer.json, the file of Hugging Face's tokenizers, in all its parts.</summary>
static class TokenizerJson
{
    /// <summary>The parts of a tokenizer.</summary>
    /// <param name="json">The file's object.</param>
    /// <param name="place">Its name, for errors.</param>
    /// <exception cref="LowrankException">A part is not understood, which is named.</exception>
    public static TokenizerParts Read(JsonElement json, string place)
    {
        var file = new JsonPart(json, place);
        file.Field("version");
        var added = file.Has("added_tokens") ? file.Parts("added_tokens").Select(Added).ToList() : [];
        var control = added.Where(token => token.IsSpecial).Select(token => token.Id).ToHashSet();
        var model = file.Part("model");
        var parts = new TokenizerParts(ModelJson.Read(model, control))
        {
            Added = added,
            Normalizer = file.Has("normalizer") ? NormalizerJson.Read(file.Part("normalizer")) : null,
            PreTokenizer = file.Has("pre_tokenizer") ? PreTokenizerJson.Read(file.Part("pre_tokenizer")) : null,
            PostProcessor = file.Has("post_processor") ? PostProcessorJson.Read(file.Part("post_processor")) : null,
            Decoder = file.Has("decoder") ? DecoderJson.Read(file.Part("decoder")) : null,
            Truncation = file.Has("truncation") ? Truncation(file.Part("truncation")) : null,
            Padding = file.Has("padding") ? Padding(file.Part("padding")) : null,
            EndOfWordSuffix = model.Text("end_of_word_suffix", ""),
        };
        RequireOneId(parts, place);
        return file.End(parts);
    }

    static AddedToken Added(JsonPart token) => token.End(new AddedToken(token.Number("id"), token.Text("content"))
    {
        IsSpecial = token.Flag("special", false),
        IsSingleWord = token.Flag("single_word", false),
        StripsLeft = token.Flag("lstrip", false),
        StripsRight = token.Flag("rstrip", false),
        IsNormalized = token.Flag("normalized", true),
    });

    static void RequireOneId(TokenizerParts parts, string place)
    {
        foreach (var token in parts.Added)
            if (parts.Model.Vocabulary.Id(token.Content) is { } id && id != token.Id)
                throw new LowrankException($"{place} gives \"{token.Content}\" the id {token.Id} among the added tokens and {id} in the " +
                    "vocabulary. Was one of them changed by hand?");
    }

    static Truncation Truncation(JsonPart part) => part.End(new Truncation(part.Number("max_length"))
    {
        Stride = part.Number("stride", 0),
        CutsLeft = part.Text("direction", "Right") == "Left",
        Strategy = part.Text("strategy", "LongestFirst") switch
        {
            "LongestFirst" => TruncationStrategy.LongestFirst,
            "OnlyFirst" => TruncationStrategy.OnlyFirst,
            "OnlySecond" => TruncationStrategy.OnlySecond,
            var strategy => throw part.Fault($"has the strategy \"{strategy}\"; known are LongestFirst, OnlyFirst, OnlySecond"),
        },
    });

    // The strategy is "BatchLongest", or {"Fixed": n}.
    static Padding Padding(JsonPart part)
    {
        part.Field("pad_token");   // the text of pad_id
        var strategy = part.Field("strategy");
        int? length = null;
        if (strategy.ValueKind == JsonValueKind.Object && strategy.TryGetProperty("Fixed", out var told)) length = told.GetInt32();
        else if (part.Text("strategy", "BatchLongest") is not "BatchLongest" and var other)
            throw part.Fault($"has the strategy \"{other}\"; known are BatchLongest and Fixed");
        return part.End(new Padding(part.Number("pad_id", 0))
        {
            Length = length,
            OnLeft = part.Text("direction", "Right") == "Left",
            MultipleOf = Math.Max(part.Number("pad_to_multiple_of", 1), 1),
            TypeId = part.Number("pad_type_id", 0),
        });
    }
}
