namespace Lowrank.Language;

/// <summary>What a SentencePiece file (<c>tokenizer.model</c>, <c>spiece.model</c>) holds.</summary>
sealed record SentencePieceFile
{
    /// <summary>The pieces, by their ids.</summary>
    public IReadOnlyList<SentencePiece> Pieces { get; private init; } = [];

    /// <summary>Whether it is a Unigram model; else byte pairs.</summary>
    public bool IsUnigram { get; private set; } = true;

    /// <summary>The precompiled character map, or null.</summary>
    public CharacterMap? Map { get; private set; }

    /// <summary>Whether a space goes in front of a text.</summary>
    public bool AddsDummyPrefix { get; private set; } = true;

    /// <summary>Whether spaces at the ends go, and of several in a row all but one.</summary>
    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <summary>Whether the added space goes to the end.</summary>
    public bool TreatsSpaceAsSuffix { get; private set; }

    /// <summary>Whether what is unknown becomes bytes.</summary>
    public bool FallsBackToBytes { get; private set; }

    /// <summary>What an unknown piece is shown as.</summary>
    public string UnknownSurface { get; private set; } = " \u2047 ";

    /// <summary>The ids of begin and end; −1 where there is none.</summary>
    public (int Begin, int End) Ends { get; private set; } = (1, 2);

    /// <summary>Reads a file.</summary>
    /// <exception cref="LowrankException">It is not one, or of a kind that is not understood.</exception>
    public static SentencePieceFile Read(string path)
    {
        var pieces = new List<SentencePiece>();
        var file = new SentencePieceFile { Pieces = pieces };
        var message = new ProtobufReader(TokenizerBytes.Of(path), path);
        while (message.Next())
            switch (message.Field)
            {
                case 1: pieces.Add(Piece(message.Bytes, path)); break;
                case 2: file.ReadTrainer(message.Bytes, path); break;
                case 3: file.ReadNormalizer(message.Bytes, path); break;
            }
        if (pieces.Count == 0) throw new LowrankException($"{path} holds no piece: it is no SentencePiece model. Download it again.");
        return file;
    }

    static SentencePiece Piece(ReadOnlySpan<byte> bytes, string path)
    {
        var piece = new SentencePiece("", 0, SentencePieceType.Normal);
        var message = new ProtobufReader(bytes, path);
        while (message.Next())
            piece = message.Field switch
            {
                1 => piece with { Text = message.Text },
                2 => piece with { Score = message.Float },
                3 => piece with { Type = (SentencePieceType)message.Number },
                _ => piece,
            };
        return piece;
    }

    void ReadTrainer(ReadOnlySpan<byte> bytes, string path)
    {
        var message = new ProtobufReader(bytes, path);
        while (message.Next())
            switch (message.Field)
            {
                case 3: IsUnigram = Unigram(message.Number, path); break;
                case 24: TreatsSpaceAsSuffix = message.Flag; break;
                case 35: FallsBackToBytes = message.Flag; break;
                case 41: Ends = Ends with { Begin = (int)(long)message.Number }; break;
                case 42: Ends = Ends with { End = (int)(long)message.Number }; break;
                case 44: UnknownSurface = message.Text; break;
            }
    }

    static bool Unigram(ulong type, string path) => type switch
    {
        1 => true,
        2 => false,
        _ => throw new LowrankException($"{path} is a SentencePiece model of type {type}; known are 1 (Unigram) and 2 (byte pairs)."),
    };

    void ReadNormalizer(ReadOnlySpan<byte> bytes, string path)
    {
        var message = new ProtobufReader(bytes, path);
        while (message.Next())
            switch (message.Field)
            {
                case 2: Map = message.Bytes.Length > 0 ? new CharacterMap(message.Bytes) : null; break;
                case 3: AddsDummyPrefix = message.Flag; break;
                case 4: RemovesExtraSpaces = message.Flag; break;
            }
    }
}
