namespace Lowrank.Training;

/// <summary>A template of pieces, each made tokens of apart: no token reaches from one into another.</summary>
/// <param name="Name">LLaMA-Factory's name for it.</param>
/// <param name="System">Pieces of a system message; <c>{content}</c> is its text and <c>{eos}</c>, which stands alone, the end
/// token.</param>
/// <param name="User">Pieces of a question, up to where the answer begins.</param>
/// <param name="Answer">Pieces of an answer.</param>
/// <param name="Observation">Pieces of what a tool gave.</param>
/// <param name="DefaultSystem">What the system says where the data do not tell.</param>
sealed record PieceTemplate(
    string Name, string[] System, string[] User, string[] Answer, string[] Observation, string DefaultSystem = "")
{
    /// <summary>Where a message's text stands in a piece, and the piece that is the end token.</summary>
    public const string Content = "{content}", End = "{eos}";

    /// <summary>Whether calls of tools are written as JSON between marks; else as an action and its input.</summary>
    public bool CallsAreMarked { get; init; }
}
