namespace Lowrank.Language;

/// <summary>Splits a text into the pieces that a model looks at one by one.</summary>
interface IPreTokenizer
{
    /// <summary>Splits the pieces that there are.</summary>
    void Split(PieceList pieces);
}
