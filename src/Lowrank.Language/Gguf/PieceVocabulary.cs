using System.Text.Json;

namespace Lowrank.Language;

/// <summary>The vocabulary of a SentencePiece model, as GGUF files hold it.</summary>
static class PieceVocabulary
{
    const string Pieces = "tokenizer.model", AddedFile = "added_tokens.json";

    // What the converter gives to rows of the embedding that have no piece, and to tokens that were added.
    const float Unheard = -10000, Added = -1000;

    /// <summary>Whether a folder has one.</summary>
    public static bool IsIn(TokenizerSources sources) => File.Exists(sources.Path(Pieces));

    /// <summary>Its tokens.</summary>
    /// <param name="sources">The folder's files.</param>
    /// <param name="count">Rows of the embedding.</param>
    public static GgufTokens Of(TokenizerSources sources, int count)
    {
        var tokens = new GgufTokens(count, Unheard);
        foreach (var (id, piece) in SentencePieceFile.Read(sources.Path(Pieces)).Pieces.Index())
            if (Holds(id, piece.Text)) tokens.Set(id, piece.Text, TypeOf(piece), piece.Score);
        foreach (var token in TokenizerSources.Entries(sources.Json(AddedFile)))
        {
            int id = TokenizerSources.Whole(token.Value) ?? -1;
            if (Holds(id, token.Name)) tokens.Set(id, token.Name, SentencePieceType.UserDefined, Added);
        }
        foreach (var (id, token) in Declared(sources))
            if (Holds(id, TokenizerSources.Text(token, "content") ?? ""))
                tokens.SetAdded(id, TokenizerSources.Text(token, "content") ?? "", TokenizerSources.Flag(token, "special") == true, Added);
        return tokens;

        bool Holds(int id, string text)
        {
            if (id >= 0 && id < count) return true;
            sources.Notes.Add($"the token {id}, \"{text}\", is none of the model's {count} tokens; it is not written.");
            return false;
        }
    }

    // What a user asked for is learnt, to the converter.
    static SentencePieceType TypeOf(SentencePiece piece) =>
        piece.Type == SentencePieceType.UserDefined ? SentencePieceType.Normal : piece.Type;

    static IEnumerable<(int Id, JsonElement Token)> Declared(TokenizerSources sources)
    {
        var declared = TokenizerSources.Field(sources.Settings, "added_tokens_decoder");
        if (declared is not { ValueKind: JsonValueKind.Object } tokens) yield break;
        foreach (var token in tokens.EnumerateObject())
            if (int.TryParse(token.Name, System.Globalization.CultureInfo.InvariantCulture, out int id)) yield return (id, token.Value);
    }
}
