namespace Lowrank.Language;

/// <summary>What a piece of a SentencePiece model is; GGUF numbers them alike.</summary>
enum SentencePieceType
{
    /// <summary>Learnt.</summary>
    Normal = 1,

    /// <summary>Stands for what is unknown.</summary>
    Unknown = 2,

    /// <summary>Acts, and stands for no text.</summary>
    Control = 3,

    /// <summary>Asked for by the user: taken whole wherever it stands.</summary>
    UserDefined = 4,

    /// <summary>Not used.</summary>
    Unused = 5,

    /// <summary>A byte.</summary>
    Byte = 6,
}
