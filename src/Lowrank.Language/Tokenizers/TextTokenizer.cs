namespace Lowrank.Language;

/// <summary>
/// Text to a language model's ids and back, made of parts: added tokens are found, the rest is normalized, split and made tokens of, begin
/// and end tokens are put around it.
/// </summary>
/// <remarks>Any number of threads may use one. Offsets count code points.</remarks>
public sealed class TextTokenizer
{
    readonly TokenizerParts parts;
    readonly AddedTokens added;
    readonly Dictionary<int, AddedToken> addedById;
    readonly Dictionary<string, int> addedIds = new(StringComparer.Ordinal);

    internal TextTokenizer(TokenizerParts parts)
    {
        this.parts = parts;
        added = new AddedTokens(parts.Added, parts.Normalizer);
        addedById = parts.Added.GroupBy(token => token.Id).ToDictionary(tokens => tokens.Key, tokens => tokens.First());
        foreach (var token in parts.Added) addedIds.TryAdd(token.Content, token.Id);
        Size = Math.Max(parts.Model.Vocabulary.Size, parts.Added.Select(token => token.Id + 1).DefaultIfEmpty(0).Max());
    }

    /// <summary>The highest id and 1: the rows that a model's embedding must have.</summary>
    public int Size { get; }

    /// <summary>The added tokens, control tokens among them.</summary>
    public IReadOnlyList<AddedToken> Added => added.All;

    /// <summary>The tokens with a part to play.</summary>
    public SpecialTokens Specials => parts.Specials;

    /// <summary>How the file would have rows cut, or null. Nothing is cut unless <see cref="EncodeBatch"/> is given it.</summary>
    public Truncation? Truncation => parts.Truncation;

    /// <summary>
    /// How the file would have rows filled up, or null. Nothing is filled up unless <see cref="EncodeBatch"/> is given it.
    /// </summary>
    public Padding? Padding => parts.Padding;

    /// <summary>The id of a token, or null.</summary>
    public int? Id(string token) => addedIds.TryGetValue(token, out int id) ? id : parts.Model.Vocabulary.Id(token);

    /// <summary>The token of an id, as the vocabulary spells it, or null.</summary>
    public string? Token(int id) => addedById.TryGetValue(id, out var token) ? token.Content : parts.Model.Vocabulary.Token(id);

    /// <summary>Whether an id is a control token.</summary>
    public bool IsControl(int id) => addedById.TryGetValue(id, out var token) && token.IsSpecial;

    /// <summary>The tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecials">Whether begin and end tokens are added, as the files have it. A begin token that the text begins with
    /// already then stands twice, as the peers have it; <see cref="EncodeRendered"/> leaves it at one.</param>
    /// <param name="parseSpecials">Whether control tokens are recognised in the text; if not, no text becomes one.</param>
    /// <exception cref="LowrankException">The text holds half of a surrogate pair, or what the vocabulary has no token for.</exception>
    public TokenizedText Encode(string text, bool addSpecials = true, bool parseSpecials = true) =>
        Processed([Row(text, 0, Places(parseSpecials))], addSpecials);

    /// <summary>The tokens of a text with plain stretches: no control token is recognised that has a character in one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="plain">The stretches, in order and apart.</param>
    /// <param name="addSpecials">Whether begin and end tokens are added, as the files have it.</param>
    public TokenizedText Encode(string text, IReadOnlyList<TextSpan> plain, bool addSpecials = true) =>
        Processed([Row(text, 0, new ControlPlaces(plain))], addSpecials);

    static ControlPlaces Places(bool parseSpecials) => parseSpecials ? ControlPlaces.Everywhere : ControlPlaces.Nowhere;

    /// <summary>The tokens of a pair of texts.</summary>
    /// <inheritdoc cref="Encode(string, bool, bool)"/>
    public TokenizedText EncodePair(string first, string second, bool addSpecials = true, bool parseSpecials = true) =>
        Processed([Row(first, 0, Places(parseSpecials)), Row(second, 1, Places(parseSpecials))], addSpecials);

    /// <summary>
    /// The tokens of a text that a chat template wrote: control tokens are recognised, and begin and end tokens added, but for a begin
    /// token that the text begins with already.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="hadBegin">Whether the text brought its begin token along.</param>
    public TokenizedText EncodeRendered(string text, out bool hadBegin)
    {
        var all = Encode(text);
        int first = all.Added.TakeWhile(isAdded => isAdded == 1).Count();
        hadBegin = first > 0 && first < all.Ids.Count && all.Ids[first] == all.Ids[first - 1];
        if (!hadBegin) return all;
        int doubled = first - 1;
        return new TokenizedText(
            Without(all.Ids, doubled), Without(all.Offsets, doubled), Without(all.TypeIds, doubled), Without(all.Added, doubled),
            Without(all.Mask, doubled));
    }

    static T[] Without<T>(IReadOnlyList<T> values, int index) => [.. values.Where((_, i) => i != index)];

    /// <summary>The tokens of several texts or pairs, cut and filled up.</summary>
    /// <param name="texts">The texts; a second one makes a pair.</param>
    /// <param name="truncation">How rows are cut, or null.</param>
    /// <param name="padding">How rows are filled up, or null.</param>
    /// <param name="addSpecials">Whether begin and end tokens are added.</param>
    /// <param name="parseSpecials">Whether control tokens are recognised.</param>
    public IReadOnlyList<TokenizedText> EncodeBatch(
        IReadOnlyList<(string First, string? Second)> texts, Truncation? truncation = null, Padding? padding = null,
        bool addSpecials = true, bool parseSpecials = true)
    {
        var rows = new List<TokenizedText>(texts.Count);
        foreach (var (first, second) in texts)
        {
            List<TokenRow> pair = [Row(first, 0, Places(parseSpecials))];
            if (second is not null) pair.Add(Row(second, 1, Places(parseSpecials)));
            int places = addSpecials && parts.PostProcessor is { } processor ? processor.AddedTo(pair.Count > 1) : 0;
            if (truncation is not null) RowCutter.Cut(pair, truncation, places);
            rows.Add(Processed(pair, addSpecials));
        }
        if (padding is null) return rows;
        int length = padding.Length ?? rows.Select(row => row.Ids.Count).DefaultIfEmpty(0).Max();
        return [.. rows.Select(row => RowCutter.Filled(row, padding, length))];
    }

    /// <summary>The text of ids. An id that no token has gives no text.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecials">Whether control tokens are left out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecials = true)
    {
        var tokens = new List<string>();
        foreach (int id in ids)
            if (Token(id) is { } token && !(skipSpecials && IsControl(id))) tokens.Add(token);
        return DecodeTokens(tokens);
    }

    /// <summary>The text of tokens as the vocabulary spells them.</summary>
    public string DecodeTokens(IReadOnlyList<string> tokens) =>
        parts.Decoder is null ? string.Join(' ', tokens) : string.Concat(parts.Decoder.Decode(tokens));

    /// <summary>The text of ids, the ends of words as spaces where a vocabulary spells them: CLIP's.</summary>
    public string DecodeWords(IEnumerable<int> ids)
    {
        string text = Decode(ids);
        return parts.EndOfWordSuffix.Length == 0 ? text : text.Replace(parts.EndOfWordSuffix, " ", StringComparison.Ordinal).Trim();
    }

    /// <summary>A decoder that takes ids one by one.</summary>
    /// <param name="skipSpecials">Whether control tokens are left out.</param>
    public StreamingDecoder Stream(bool skipSpecials = true) => new(ids => Decode(ids, skipSpecials));

    /// <summary>The text as it is when it is split.</summary>
    public string Normalize(string text)
    {
        _ = new CodePointPlaces(text);
        var aligned = new AlignedText(text, 0, text.Length);
        parts.Normalizer?.Normalize(aligned);
        return aligned.Text;
    }

    /// <summary>The pieces that the model makes tokens of one by one, with the code points that they came from.</summary>
    /// <param name="text">The text; added tokens are not looked for.</param>
    public IReadOnlyList<(string Piece, int Start, int End)> Split(string text)
    {
        var places = new CodePointPlaces(text);
        var aligned = new AlignedText(text, 0, text.Length);
        parts.Normalizer?.Normalize(aligned);
        var pieces = new PieceList(aligned);
        parts.PreTokenizer?.Split(pieces);
        var split = new List<(string, int, int)>();
        foreach (var piece in pieces.Pieces)
        {
            var (start, end) = places.Of(aligned.SourceOf(piece.Start, piece.End));
            split.Add((aligned.Text[piece.Start..piece.End], start, end));
        }
        return split;
    }

    TokenizedText Processed(List<TokenRow> rows, bool addSpecials)
    {
        if (parts.PostProcessor is not null) rows = parts.PostProcessor.Process(rows, addSpecials, Token);
        var row = rows[0];
        foreach (var next in rows.Skip(1)) row.AddAll(next);
        var offsets = new (int, int)[row.Count];
        int[] added = new int[row.Count], mask = new int[row.Count];
        for (int i = 0; i < row.Count; i++)
        {
            offsets[i] = (row.Spans[i].Start, row.Spans[i].End);
            (added[i], mask[i]) = (row.Added[i] ? 1 : 0, 1);
        }
        return new TokenizedText(row.Ids, offsets, row.TypeIds, added, mask);
    }

    TokenRow Row(string text, int typeId, ControlPlaces control)
    {
        var row = new TokenRow();
        var places = new CodePointPlaces(text);
        foreach (var (span, id) in added.Split(text, isNormalized: false, control.Allow))
            if (id >= 0) row.Add(id, places.Of(span), typeId);
            else
            {
                var stretch = new AlignedText(text, span.Start, span.Length);
                parts.Normalizer?.Normalize(stretch);
                AddStretch(stretch, places, typeId, control, row);
            }
        return row;
    }

    void AddStretch(AlignedText stretch, CodePointPlaces places, int typeId, ControlPlaces control, TokenRow row)
    {
        if (!added.HasNormalized)
        {
            AddPieces(stretch, places, typeId, row);
            return;
        }
        foreach (var (span, id) in added.Split(stretch.Text, isNormalized: true, Allows))
            if (id >= 0) row.Add(id, places.Of(stretch.SourceOf(span.Start, span.End)), typeId);
            else AddPieces(stretch.Part(span.Start, span.End), places, typeId, row);

        bool Allows(int start, int end)
        {
            var source = stretch.SourceOf(start, end);
            return control.Allow(source.Start, source.End);
        }
    }

    void AddPieces(AlignedText text, CodePointPlaces places, int typeId, TokenRow row)
    {
        var pieces = new PieceList(text);
        parts.PreTokenizer?.Split(pieces);
        var tokens = new List<PieceToken>();
        foreach (var piece in pieces.Pieces)
        {
            tokens.Clear();
            parts.Model.Encode(text.Text.AsSpan(piece.Start, piece.Length), tokens);
            foreach (var (id, start, end) in tokens)
                row.Add(id, places.Of(text.SourceOf(piece.Start + start, piece.Start + end)), typeId);
        }
    }
}
